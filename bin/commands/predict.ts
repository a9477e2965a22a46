import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { findApplication } from '../cli/application.ts';
import { connect, type ConnectionOptions } from '../cli/connection.ts';
import { CommandError } from '../cli/errors.ts';
import { postSigned } from '../cli/http.ts';
import { options } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface PredictOptions extends ConnectionOptions {
  readonly stacks: string;
  readonly json?: boolean;
  readonly production?: boolean;
}

/** `slipway predict`. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('Ask the deployed model for a prediction')
    .argument('<row>', "a row as JSON, or a file that holds one; a list of rows goes to the batch route, and '-' reads standard input")
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .option('--production', 'ask production instead of staging, where the app has both')
    .addOption(options.json())
    .addHelpText('after', predictExamples)
    .action(async (row: string, given: PredictOptions) => {
      const input = await readRow(row);
      const connection = await connect(given);
      const application = await findApplication(connection, given.stacks);
      const apiUrl = given.production === true ? application.productionApiUrl : application.apiUrl;
      if (apiUrl === undefined) throw new CommandError('No stack has the output ProductionApiUrl: the app has no production beside its one API. Leave out --production.');
      const isBatch = Array.isArray(input) && input.every((each) => typeof each === 'object' && each !== null);
      const { status, body } = await postSigned(connection, `${apiUrl}/predict${isBatch ? '/batch' : ''}`, isBatch ? { inputs: input } : { input });
      if (given.json === true) printJson(body);
      else new Terminal({ json: false }).line(JSON.stringify(body, null, 2));
      if (status !== 200) throw new CommandError(`The API answered ${String(status)}${errorMessage(body)}`);
    });
}

async function readRow(row: string): Promise<unknown> {
  const text = /^\s*[[{]/.test(row) ? row : await (row === '-' ? readStandardInput() : readFileOrSay(row));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandError(`${row.slice(0, 60)} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readFileOrSay(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} is neither a row as JSON nor a file that can be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errorMessage(body: unknown): string {
  const message = (body as { error?: { message?: string } } | undefined)?.error?.message;
  return message === undefined ? '' : `: ${message}`;
}

const predictExamples = `
Examples:
  slipway predict '{"date": "2001-03-07T14:05:00", "distance": 925, "origin": "SFO", "destination": "SEA"}'
  slipway predict rows.json --json
`;
