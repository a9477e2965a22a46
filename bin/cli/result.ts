import type { GateVerdict } from '../../model/spec/gate.ts';
import type { Metrics } from './figures.ts';
import type { RunEnd, StateProgress } from './history.ts';
import type { StartedRun } from './start.ts';

/** A gate's verdict as JSON carries it: a value that could not be computed is null. */
export type Verdict = Omit<GateVerdict, 'value'> & { readonly value: number | null };

/** What a run came to, for people and machines. Everything is read from the execution's history and output. */
export interface RunResult {
  readonly status: string;
  readonly executionArn: string;
  /** What a run that succeeded came to: `DEPLOYED`, or `SUPERSEDED` where a higher version serves production. */
  readonly outcome?: string;
  /** The version that production serves instead. */
  readonly servedVersion?: string;
  /** The state in which the run waits for a person, where it was left waiting. */
  readonly waiting?: string;
  /** Who approved the model, when and why, where a person was asked. */
  readonly approval?: { readonly by: string | null; readonly at: string; readonly reason: string | null };
  readonly states: readonly { readonly name: string; readonly seconds: number; readonly failed?: true }[];
  readonly rows?: number;
  /** `binary`, `multiclass` or `regression`; known once the model is converted. */
  readonly task?: string;
  readonly metrics?: Metrics;
  readonly gates?: readonly Verdict[];
  /** The gates' verdict in one line. */
  readonly verdict?: string;
  readonly trainer?: string;
  readonly modelPackageArn?: string;
  readonly modelVersion?: string;
  readonly modelSha256?: string;
  readonly endpointUrl?: string;
  /** The row that the smoke test sent, and the endpoint's answer. */
  readonly smokeTest?: { readonly input: unknown; readonly prediction: unknown };
  /** `s3://` address of the report page. */
  readonly report?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Reads the result from how the run ended and, for a run that failed, from what its states had assigned by then. */
export function resultOf(run: StartedRun, end: RunEnd, states: readonly StateProgress[]): RunResult {
  const variables: Record<string, unknown> = Object.assign({}, ...states.map((state) => state.variables));
  const output = (end.output ?? {}) as Record<string, unknown>;
  const evaluation = (variables['evaluation'] ?? {}) as Record<string, unknown>;
  const conversion = (variables['conversion'] ?? {}) as Record<string, unknown>;
  const validation = (variables['validation'] ?? {}) as Record<string, unknown>;
  const model = (variables['model'] ?? {}) as Record<string, unknown>;
  const known: Partial<Record<keyof RunResult, unknown>> = {
    outcome: output['status'],
    servedVersion: output['servedVersion'],
    waiting: end.status === 'RUNNING' ? states.findLast((state) => state.status === 'waiting')?.name : undefined,
    approval: output['approval'],
    rows: output['rows'] ?? validation['rows'],
    task: output['task'] ?? conversion['task'],
    metrics: output['metrics'] ?? evaluation['metrics'],
    gates: output['gates'] ?? evaluation['gates'],
    verdict: evaluation['summary'],
    trainer: output['trainer'],
    modelPackageArn: output['modelPackageArn'] ?? model['modelPackageArn'],
    modelVersion: output['modelVersion'] ?? model['modelVersion'],
    modelSha256: output['sha256'],
    endpointUrl: output['endpointUrl'],
    smokeTest: output['smokeTest'],
    report: output['report'] ?? evaluation['report'],
    error: end.error,
    cause: end.cause,
  };
  return {
    status: end.status,
    executionArn: run.executionArn,
    states: states
      .filter((state) => state.status === 'succeeded' || state.status === 'failed')
      .map(({ name, seconds, status }) => ({ name, seconds: Number(seconds.toFixed(3)), ...(status === 'failed' ? { failed: true as const } : {}) })),
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Partial<RunResult>),
  };
}
