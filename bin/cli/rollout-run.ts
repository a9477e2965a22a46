import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { follow, type StateProgress } from './history.ts';
import type { Target } from './targets.ts';
import { duration, type Terminal } from './terminal.ts';

/** How a rollout ended, for people and machines. */
export interface RolloutResult {
  readonly target: string;
  readonly status: 'COMPLETED' | 'CHANGED' | 'SUPERSEDED' | 'FAILED' | 'RUNNING';
  readonly executionArn: string;
  /** The stable version. */
  readonly servedVersion?: string;
  /** The share of the requests that the version has. */
  readonly weight?: number;
  readonly previous?: string | null;
  /** The row that it was tested with, and the answer. */
  readonly smokeTest?: unknown;
  /** Alarms that had nothing to go by. */
  readonly alarmsWithoutData?: readonly string[];
  readonly error?: string;
  readonly cause?: string;
}

/** What the state machine answers. */
interface Output {
  readonly status: RolloutResult['status'];
  readonly servedVersion: string;
  readonly weight: number;
  readonly previous: string | null;
  readonly reason: string | null;
  readonly smokeTest?: unknown;
  readonly alarmsWithoutData?: readonly string[];
}

/** Has a target's rollout machine do what `input` asks for, and follows it to its end, unless it is left. */
export async function runRollout(connection: Connection, target: Target, input: Readonly<Record<string, unknown>>, terminal: Terminal, detach = false): Promise<RolloutResult> {
  const client = new SFNClient(clientConfig(connection));
  try {
    const name = `${String(input['action'])}-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`;
    const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn: target.stateMachineArn, name, input: JSON.stringify({ ...input, by: await callerOf(connection), quiet: !detach }) }));
    const common = { target: target.target, executionArn };
    if (detach) return { ...common, status: 'RUNNING' };
    const view = new RolloutView(terminal);
    const end = await follow(client, executionArn, (state) => { view.state(state); }, { pollMs: connection.awsEndpoint === undefined ? 1000 : 100 });
    if (end.status !== 'SUCCEEDED') return { ...common, status: 'FAILED', error: end.error ?? end.status, cause: end.cause ?? 'no cause was given' };
    const { status, servedVersion, weight, previous, reason, smokeTest, alarmsWithoutData = [] } = end.output as Output;
    return {
      ...common, status, servedVersion, weight, previous, ...(smokeTest === undefined || smokeTest === null ? {} : { smokeTest }),
      ...(alarmsWithoutData.length === 0 ? {} : { alarmsWithoutData }), ...(reason === null ? {} : { cause: reason }),
    };
  } catch (error) {
    if ((error as Error).name === 'StateMachineDoesNotExist') throw new CommandError(`The rollout machine of ${target.target} does not exist any more (${target.stateMachineArn}): is the stack deployed?`, { cause: error });
    throw error;
  } finally {
    terminal.stop();
    client.destroy();
  }
}

/** Who asks, as STS tells: for the audit trail. */
export async function callerOf(connection: Connection): Promise<string> {
  const client = new STSClient(clientConfig(connection));
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? 'unknown';
  } finally {
    client.destroy();
  }
}

/** States that a person waits for, in words; the others pass in no time. */
const words: Readonly<Record<string, string>> = {
  ApplyDeployment: 'what serves is brought to the record', WaitForDeployment: 'what serves is brought to the record', SmokeTest: 'the version is tried out', WaitForTraffic: 'requests meet the version',
  WatchAlarms: 'requests meet the version', ConfirmServed: 'until everybody meets it', WaitForReaders: 'until nobody meets the old record any more', BeginWhenFree: 'another deployment is going on', RollBack: 'it is taken back',
};

/** Shows a rollout to a person: what is waited for, and each step. */
class RolloutView {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  state({ name, status, seconds, variables }: StateProgress): void {
    const word = words[name];
    if (status === 'entered') {
      const since = performance.now();
      if (word !== undefined) this.#terminal.spin(() => `${word} ${duration((performance.now() - since) / 1000)}`);
      return;
    }
    const line = lineOf(name, seconds, variables);
    if (line !== undefined) this.#terminal.line(`${status === 'failed' ? this.#terminal.style('red', '✗') : this.#terminal.style('green', '✓')} ${line}`);
  }
}

/** What a state came to, where a person wants to know. */
function lineOf(name: string, seconds: number, variables: Readonly<Record<string, unknown>>): string | undefined {
  const rollout = variables['rollout'] as { status: string; weight: number; model?: { modelVersion: string }; reason?: string } | undefined;
  const version = rollout?.model?.modelVersion ?? '';
  switch (name) {
    case 'SmokeTest':
      return `tried out ${duration(seconds)}`;
    case 'AdvanceRollout':
      return rollout?.status === 'WATCHING' ? `version ${version} has ${percentText(rollout.weight)} of the requests` : rollout?.status === 'COMPLETED' ? `version ${version} ${rollout.weight === 1 ? 'is the stable version' : `has ${percentText(rollout.weight)} of the requests`}` : undefined;
    case 'RollBack':
      return rollout?.status === 'ROLLED_BACK' ? `version ${version} was taken back: ${rollout.reason ?? ''}` : undefined;
    default:
      return undefined;
  }
}

/** `12.5 %`. */
export function percentText(share: number): string {
  return `${String(Math.round(share * 1000) / 10)} %`;
}
