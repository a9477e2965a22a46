import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { findApplication } from '../cli/application.ts';
import type { Connection } from '../cli/connection.ts';
import { flightsFile, sampleRows } from '../cli/demo-data.ts';
import { CommandError } from '../cli/errors.ts';
import { postSigned } from '../cli/http.ts';
import { MemoryWatch } from '../cli/memory.ts';
import { options } from '../cli/options.ts';
import { hostModules } from '../cli/programs.ts';
import { fetchReport } from '../cli/report-file.ts';
import type { RunResult } from '../cli/result.ts';
import { duration, printJson, Terminal } from '../cli/terminal.ts';
import { runToEnd } from './run.ts';
import { bringUp } from './up.ts';

interface DemoOptions {
  readonly rows?: number;
  readonly port?: number;
  readonly context: Readonly<Record<string, string>>;
  readonly state: string;
  readonly json?: boolean;
}

/** `slipway demo`: a client like any other. All that it prints it has from the AWS API and the prediction API. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Train, gate, register, deploy and serve a model of three million flights on this machine')
    .option('--rows <number>', 'a random sample of so many flights instead of all', rowCount)
    .addOption(options.context())
    .addOption(options.port())
    .addOption(options.state())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway demo\n  slipway demo --rows 200000 --json\n  slipway demo -c minimumAuc=0.99      a gate that cannot be met\n')
    .action(async (given: DemoOptions) => {
      const started = performance.now();
      const terminal = new Terminal({ json: given.json === true });
      const memory = new MemoryWatch();
      const flights = flightsFile(hostModules());
      const stateDirectory = path.resolve(given.state);
      const file = given.rows === undefined ? flights : await sampleRows(flights, given.rows, path.join(stateDirectory, 'demo'));
      const { laptop, stop } = await bringUp(given, terminal);
      try {
        terminal.line(`${terminal.style('green', '✓')} the app is up ${terminal.style('dim', `${laptop.awsEndpoint}, ${duration((performance.now() - started) / 1000)}`)}`);
        const { awsEndpoint, credentials, region } = laptop;
        const connection: Connection = { awsEndpoint, credentials, region };
        const application = await findApplication(connection);
        const { result, run } = await runToEnd(connection, application, file, terminal);
        const reportPath = result.report === undefined ? undefined : await fetchReport(connection, result.report, stateDirectory, run.name);
        const prediction = result.smokeTest === undefined ? undefined : await predict(connection, application.apiUrl, result.smokeTest.input, terminal);
        if (reportPath !== undefined) terminal.line(`  ${'Open'.padEnd(14)} ${path.relative(process.cwd(), reportPath)}`);
        const seconds = (performance.now() - started) / 1000;
        const peak = memory.peakMb;
        terminal.line(terminal.style('dim', `\n  ${duration(seconds)}${peak === undefined ? '' : `, at most ${String(peak)} MiB in all processes`}. To keep it up: npm run slipway -- up\n  Then, in another terminal: npm run slipway -- lineage latest`));
        if (given.json === true) printJson(summaryOf(result, prediction, reportPath, seconds, peak));
        if (result.status !== 'SUCCEEDED') process.exitCode = 1;
      } finally {
        memory.stop();
        await stop();
      }
    });
}

function rowCount(text: string): number {
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 1) throw new InvalidArgumentError('Expected a whole number of rows.');
  return rows;
}

async function predict(connection: Connection, apiUrl: string, input: unknown, terminal: Terminal): Promise<unknown> {
  const { status, body } = await postSigned(connection, `${apiUrl}/predict`, { input });
  if (status !== 200) throw new CommandError(`POST ${apiUrl}/predict answered ${String(status)}: ${JSON.stringify(body)}`);
  terminal.line(`  ${'Predict'.padEnd(14)} POST ${apiUrl}/predict`);
  terminal.line(`  ${''.padEnd(14)} ${JSON.stringify({ input })}`);
  terminal.line(`  ${''.padEnd(14)} ${terminal.style('bold', JSON.stringify(body))}`);
  return body;
}

function summaryOf(result: RunResult, prediction: unknown, reportPath: string | undefined, seconds: number, peakRssMb: number | undefined): Record<string, unknown> {
  const { status, rows, states, metrics, gates, trainer, modelPackageArn, modelVersion, modelSha256, endpointUrl, executionArn, error, cause } = result;
  const gate = gates?.find((each) => !each.passed) ?? gates?.[0];
  return {
    status,
    rows,
    states,
    metrics,
    gate,
    trainer,
    modelPackageArn,
    modelVersion,
    modelSha256,
    endpointUrl,
    prediction,
    reportPath,
    seconds: Number(seconds.toFixed(1)),
    peakRssMb,
    executionArn,
    ...(error === undefined ? {} : { error, cause }),
  };
}
