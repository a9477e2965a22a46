import type { Application } from './application.ts';
import { figure, metricsText } from './figures.ts';
import type { StateProgress } from './history.ts';
import type { RunResult } from './result.ts';
import type { StartedRun, UploadedData } from './start.ts';
import { count, duration, type Terminal } from './terminal.ts';

/** Shows a run to a person: a line a state, a moving line for what is under way, and the outcome with its reasons. */
export class RunView {
  readonly #terminal: Terminal;
  readonly #running = new Map<string, number>();
  readonly #progress = new Map<string, string>();
  /** What the other commands need to reach the same run. */
  readonly #options: string;
  #version = 'VERSION';

  /** @param options what commands that a person is shown end in, such as `--aws` */
  constructor(terminal: Terminal, options = '') {
    this.#terminal = terminal;
    this.#options = options === '' ? '' : ` ${options}`;
  }

  uploading(file: string): void {
    this.#terminal.spin(() => `uploading ${file}`);
  }

  started(application: Application, data: UploadedData, run: StartedRun): void {
    const { style } = this.#bound();
    this.#terminal.stop();
    this.#terminal.line(`${style('bold', application.pipelineName)}  ${run.name}`);
    const size = data.bytes === undefined ? [] : [data.bytes < 1e6 ? `${(data.bytes / 1e3).toFixed(1)} kB` : `${(data.bytes / 1e6).toFixed(1)} MB`];
    const files = data.files === undefined ? [] : [`${count(data.files)} ${data.files === 1 ? 'file' : 'files'}`];
    this.#terminal.line(style('dim', `  ${[`s3://${data.bucket}/${data.key}`, ...files, ...size].join(', ')}`));
    this.#terminal.spin(() => {
      const now = performance.now();
      return [...this.#running].map(([name, since]) => [name, duration((now - since) / 1000), this.#progress.get(name) ?? ''].join(' ').trimEnd()).join(', ');
    });
  }

  state(state: StateProgress): void {
    if (state.status === 'entered') {
      this.#running.set(state.name, performance.now());
      return;
    }
    if (state.status === 'waiting') {
      this.#waits(state.name);
      return;
    }
    this.#version = (state.variables['model'] as { modelVersion?: string } | undefined)?.modelVersion ?? this.#version;
    this.#running.delete(state.name);
    this.#progress.delete(state.name);
    const { style } = this.#bound();
    const mark = state.status === 'failed' ? style('red', '✗') : style('green', '✓');
    this.#terminal.line(`${mark} ${`${'  '.repeat(state.depth)}${state.name}`.padEnd(20)} ${duration(state.seconds).padStart(10)}  ${style('dim', detailOf(state.variables))}`.trimEnd());
  }

  /** How far a state is that takes long. */
  progress(state: string, text: string): void {
    if (this.#running.has(state)) this.#progress.set(state, text);
  }

  ended(result: RunResult): void {
    const { style } = this.#bound();
    const say = (label: string, value: string): void => { this.#terminal.line(`  ${label.padEnd(14)} ${value}`); };
    this.#terminal.stop();
    this.#terminal.line();
    if (result.outcome === 'SUPERSEDED') this.#terminal.line(style('green', `✓ The model is approved, and so is version ${result.servedVersion ?? '?'}, which serves production.`));
    else if (result.status === 'SUCCEEDED') this.#terminal.line(style('green', '✓ The model is deployed.'));
    else if (result.status === 'RUNNING') this.#terminal.line('The run goes on once it is decided.');
    else this.#terminal.line(style('red', `✗ The run ended ${result.status}: ${result.error ?? 'no error name'}`));
    if (result.cause !== undefined) say('Because', result.cause);
    if (result.rows !== undefined) say('Rows', count(result.rows));
    if (result.trainer !== undefined) say('Trainer', result.trainer);
    if (result.metrics !== undefined) say('Metrics', metricsText(result.metrics));
    if (result.verdict !== undefined) say('Gate', style(result.gates?.every((gate) => gate.passed) === true ? 'green' : 'red', result.verdict));
    if (result.approval !== undefined) say('Approved by', `${result.approval.by ?? 'somebody whom SageMaker does not name'}${result.approval.reason === null ? '' : `: ${result.approval.reason}`}`);
    if (result.modelPackageArn !== undefined) say('Model package', `${result.modelPackageArn} (version ${result.modelVersion ?? '?'})`);
    if (result.modelSha256 !== undefined) say('SHA-256', result.modelSha256);
    if (result.endpointUrl !== undefined) say('Endpoint', result.endpointUrl);
    if (result.report !== undefined) say('Report', result.report);
    if (result.status !== 'SUCCEEDED') say('Execution', result.executionArn);
  }

  #waits(state: string): void {
    const { style } = this.#bound();
    this.#terminal.line(`${style('yellow', '●')} ${state}  version ${this.#version} waits for a person:`);
    for (const command of ['approve', 'reject']) this.#terminal.line(`    ${style('bold', `slipway ${command} ${this.#version} --reason "WHY"${this.#options}`)}`);
  }

  #bound(): { style: Terminal['style'] } {
    return { style: (style, text) => this.#terminal.style(style, text) };
  }
}

/** The one figure of a state that a person looks for, from what the state assigned. */
function detailOf(variables: Readonly<Record<string, unknown>>): string {
  const details: Record<string, (value: Record<string, unknown>) => string> = {
    failure: (failure) => String(failure['error'] ?? ''),
    validation: (validation) => `${count(Number(validation['rows']))} rows`,
    prepared: (prepared) => Object.entries(prepared['rows'] as Record<string, number>).map(([part, rows]) => `${part} ${count(rows)}`).join(', '),
    tuning: ({ trials, objective }) => `${String(trials)} trials, best ${(objective as { metric: string }).metric} ${figure((objective as { value?: number }).value)}`,
    training: (training) => String((training['job'] as { name?: string } | undefined)?.name ?? ''),
    conversion: (conversion) => `parity within ${Number((conversion['parity'] as { maxDifference?: number } | undefined)?.maxDifference).toExponential(1)}`,
    evaluation: (evaluation) => String(evaluation['summary'] ?? ''),
    model: (model) => `version ${String(model['modelVersion'] ?? '')}`,
  };
  for (const [name, detail] of Object.entries(details)) {
    const value = variables[name];
    if (value !== undefined && value !== null) return detail(value as Record<string, unknown>);
  }
  return '';
}
