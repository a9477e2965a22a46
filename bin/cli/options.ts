import { InvalidArgumentError, Option } from 'commander';

/** Where the laptop keeps its state unless told otherwise. */
const defaultState = '.slipway';

/** The options that several commands have, each written once. */
export const options = {
  state: (): Option => new Option('--state <dir>', 'where the laptop keeps its state').default(defaultState),
  json: (): Option => new Option('--json', 'one line of JSON on standard output, for machines; progress goes to standard error'),
  aws: (): Option => new Option('--aws', 'talk to AWS with your own credentials instead of a running laptop'),
  region: (): Option => new Option('--region <region>', 'the AWS region, with --aws (otherwise that of your profile)'),
  port: (): Option => new Option('--port <number>', 'the port of the AWS endpoint').argParser(portNumber).default(undefined, 'any free one'),
  clockSpeed: (): Option =>
    new Option('--clock-speed <factor>', "how many times as fast as this machine's the laptop's time runs: waits, schedules and alarms pass faster, programs do not").argParser(speed).default(1),
  context: (): Option =>
    new Option('-c, --context <key=value>', 'a context value of the app, as for cdk; may be given several times').argParser(contextValue).default({}, 'those of cdk.json'),
  stacks: (): Option => new Option('--stacks <prefix>', 'the first letters of the stack names, where several apps share an account').default(''),
};

/** The options by which another command reaches the same laptop or account: what a person is shown to go on with. */
export function sameRun({ state, aws, region, stacks }: { readonly state: string; readonly aws?: boolean; readonly region?: string; readonly stacks: string }): string {
  const place = aws === true ? ['--aws', ...(region === undefined ? [] : [`--region ${region}`])] : state === defaultState ? [] : [`--state ${state}`];
  return [...place, ...(stacks === '' ? [] : [`--stacks ${stacks}`])].join(' ');
}

/** The number of a version, `latest`, or a model package's ARN. */
export function versionOrArn(text: string): number | string {
  if (text === 'latest') return text;
  if (/^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package\/[^/]+\/[1-9]\d*$/.test(text)) return text;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected the number of a version, such as 3, 'latest', or a model package's ARN.");
  return Number(text);
}

/** The number of a version, or `latest`. */
export function versionOrLatest(text: string): number | 'latest' {
  if (text === 'latest') return text;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected the number of a version, such as 3, or 'latest'.");
  return Number(text);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('Expected a number from 0 to 65535.');
  return port;
}

function speed(text: string): number {
  const factor = Number(text);
  if (!(factor > 0) || !Number.isFinite(factor)) throw new InvalidArgumentError('Expected a number above zero, such as 60.');
  return factor;
}

function contextValue(text: string, before: Record<string, string>): Record<string, string> {
  const [key = '', ...value] = text.split('=');
  if (key === '' || value.length === 0) throw new InvalidArgumentError('Expected key=value.');
  return { ...before, [key]: value.join('=') };
}
