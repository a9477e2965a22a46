import path from 'node:path';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Command } from 'commander';
import { findApplication, type Application } from '../cli/application.ts';
import { clientConfig, connect, type Connection, type ConnectionOptions } from '../cli/connection.ts';
import { CommandError } from '../cli/errors.ts';
import { follow, type StateProgress } from '../cli/history.ts';
import { options, sameRun } from '../cli/options.ts';
import { fetchReport } from '../cli/report-file.ts';
import { resultOf, type RunResult } from '../cli/result.ts';
import { startRun, uploadData, type StartedRun, type UploadedData } from '../cli/start.ts';
import { RunView } from '../cli/run-view.ts';
import { printJson, Terminal } from '../cli/terminal.ts';
import { TuningProgress } from '../cli/tuning-progress.ts';

interface RunOptions extends ConnectionOptions {
  readonly stacks: string;
  readonly json?: boolean;
  readonly detach?: boolean;
}

/** `slipway run`. */
export function runCommand(): Command {
  return new Command('run')
    .description('Upload data, start the pipeline on it and follow the run to its end')
    .argument('<data...>', 'a file (CSV, JSON lines or Parquet with the columns of the declared dataset), several or a folder of them, or the s3:// address of an object or a folder')
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .option('--detach', 'leave a run that waits for a person to approve its model, instead of waiting as well')
    .addOption(options.json())
    .addHelpText('after', runExamples)
    .action(async (data: string[], given: RunOptions) => {
      const terminal = new Terminal({ json: given.json === true });
      const connection = await connect(given);
      const application = await findApplication(connection, given.stacks);
      const { result, run } = await runToEnd(connection, application, data, terminal, given.detach, sameRun(given));
      // The laptop's S3 is no place that a browser opens; on AWS the console is.
      const reportPath = result.report === undefined || given.aws === true ? undefined : await fetchReport(connection, result.report, given.state, run.name);
      if (reportPath !== undefined) terminal.line(`  ${'Open'.padEnd(14)} ${path.relative(process.cwd(), reportPath)}`);
      if (given.json === true) printJson({ ...result, ...(reportPath === undefined ? {} : { reportPath }) });
      if (result.status !== 'SUCCEEDED' && result.waiting === undefined) process.exitCode = 1;
    });
}

/** What a finished run leaves in the hand. */
export interface FinishedRun {
  readonly data: UploadedData;
  readonly run: StartedRun;
  readonly result: RunResult;
}

/**
 * Uploads, starts, follows and shows a run.
 * @param given a file, or several, a folder, an `s3://` address
 * @param detach whether to leave it where it waits for a person
 * @param others options that the commands end in which a person is shown, such as `--aws`
 */
export async function runToEnd(connection: Connection, application: Application, given: string | readonly string[], terminal: Terminal, detach = false, others = ''): Promise<FinishedRun> {
  const view = new RunView(terminal, others);
  const sources = typeof given === 'string' ? [given] : given;
  view.uploading(sources.join(', '));
  const data = await uploadData(connection, application, sources);
  const run = await startRun(connection, application, data);
  view.started(application, data, run);
  const client = new SFNClient(clientConfig(connection));
  const sagemaker = new SageMakerClient(clientConfig(connection));
  const states: StateProgress[] = [];
  try {
    const end = await follow(
      client,
      run.executionArn,
      (state) => {
        states.push(state);
        view.state(state);
      },
      { pollMs: connection.awsEndpoint === undefined ? 2000 : 200, detach, watch: new TuningProgress(sagemaker, view) },
    );
    const result = resultOf(run, end, states);
    view.ended(result);
    return { data, run, result };
  } catch (error) {
    throw new CommandError(`The run ${run.executionArn} could not be followed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    terminal.stop();
    client.destroy();
    sagemaker.destroy();
  }
}

const runExamples = `
Examples:
  slipway run flights.parquet            on the running laptop (slipway up)
  slipway run flights.csv --json         one line of JSON at the end
  slipway run march.csv april.csv        several files as one dataset, in a folder of their own
  slipway run flights-2001/              all files of a folder as one dataset
  slipway run s3://BUCKET/raw/flights/2001/   what lies in S3 already
  slipway run flights.parquet --aws      on AWS, with your own credentials
  slipway run flights.parquet --detach   where a person approves: leave the run once it waits

Exit code 0 when the model was deployed (or the run was left waiting), 1 when the run failed (the gate said no, bad data, ..).
`;
