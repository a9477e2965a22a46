import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { findApplication } from '../cli/application.ts';
import { type Askable, askTarget } from '../cli/ask-target.ts';
import { connect, type Connection, type ConnectionOptions } from '../cli/connection.ts';
import { CommandError } from '../cli/errors.ts';
import { options } from '../cli/options.ts';
import { chooseTarget, findTargets } from '../cli/targets.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface PredictOptions extends ConnectionOptions {
  readonly stacks: string;
  readonly json?: boolean;
  readonly production?: boolean;
  readonly target?: string;
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
    .addOption(new Option('--target <name>', 'ask this target, where the app has several').conflicts('production'))
    .addOption(options.json())
    .addHelpText('after', predictExamples)
    .action(async (row: string, given: PredictOptions) => {
      const input = await readRow(row);
      const connection = await connect(given);
      const target = await targetOf(connection, given);
      const isBatch = Array.isArray(input) && input.every((each) => typeof each === 'object' && each !== null);
      const { status, body } = await askTarget(connection, target, input, isBatch);
      if (given.json === true) printJson(body);
      else new Terminal({ json: false }).line(JSON.stringify(body, null, 2));
      if (status !== 200) throw new CommandError(`The API answered ${String(status)}${errorMessage(body)}`);
    });
}

/** The target of a name; else production or staging, whichever is asked for. @throws CommandError where there is none */
async function targetOf(connection: Connection, { target: name, production, stacks }: PredictOptions): Promise<Askable> {
  const targets = await findTargets(connection, stacks);
  if (name !== undefined) return chooseTarget(targets, name);
  const application = await findApplication(connection, stacks);
  const url = production === true ? application.productionApiUrl : application.apiUrl;
  if (url === undefined) throw new CommandError('No stack has the output ProductionApiUrl: the app has no production beside its one API. Leave out --production.');
  return targets.find((target) => target.url === url) ?? { target: production === true ? 'production' : 'staging', url, signedFor: 'execute-api' };
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
  slipway predict row.json --target endpoint
`;
