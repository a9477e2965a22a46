import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { DeploymentFailure, type GroupProperties } from './types.ts';

/** A hook function has an hour to say what it found. */
const longestMilliseconds = 3_600_000;

interface Waiting {
  readonly deploymentId: string;
  readonly settle: (status: string) => void;
}

/** Hook functions at work: each says by PutLifecycleEventHookExecutionStatus whether the deployment may go on. */
export class Hooks {
  readonly #context: LaptopContext;
  readonly #waiting = new Map<string, Waiting>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /**
   * Runs a hook function and waits for its verdict.
   * @throws {DeploymentFailure} for a bad one, or none
   */
  async run(functionName: string, eventName: string, deploymentId: string, { ServiceRoleArn: role }: GroupProperties, signal: AbortSignal): Promise<void> {
    const { clock, dispatch, identity } = this.#context;
    const id = Buffer.from(JSON.stringify({ deploymentId, hook: eventName, execution: randomUUID() })).toString('base64url');
    const over = new AbortController();
    const verdict = new Promise<string>((resolve) => this.#waiting.set(id, { deploymentId, settle: resolve }));
    const late = clock.sleep(longestMilliseconds, AbortSignal.any([signal, over.signal])).then(() => 'late');
    const Payload = Buffer.from(JSON.stringify({ DeploymentId: deploymentId, LifecycleEventHookExecutionId: id }));
    const broken = dispatch({ service: 'lambda', operation: 'Invoke', input: { FunctionName: functionName, InvocationType: 'RequestResponse', Payload }, caller: identity.role(role, 'codedeploy'), signal })
      // A function that ran well may give its verdict later, by another one.
      .then(({ FunctionError: error, Payload: payload }) => (error === undefined ? new Promise<never>(() => undefined) : `failed: ${Buffer.from(payload as Uint8Array).toString()}`))
      .catch((error: unknown) => `could not be called: ${error instanceof Error ? error.message : String(error)}`);
    try {
      const found = await Promise.race([verdict, late, broken]);
      signal.throwIfAborted();
      if (found !== 'Succeeded') throw new DeploymentFailure('HOOK_EXECUTION_FAILURE', messageOf(eventName, functionName, found));
    } finally {
      over.abort();
      late.catch(() => undefined);
      this.#waiting.delete(id);
    }
  }

  /** Takes a hook's verdict. @throws {AwsError} for one that nobody waits for */
  settle(deploymentId: string, id: string, status: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.deploymentId !== deploymentId) throw new AwsError('LifecycleEventAlreadyCompletedException', `No lifecycle event of the deployment ${deploymentId} waits for ${id}: it is over already, or never was.`);
    if (status !== 'Succeeded' && status !== 'Failed') throw new AwsError('InvalidLifecycleEventHookExecutionStatusException', `"${status}" is no result of a hook: expected Succeeded or Failed.`);
    waiting.settle(status);
  }
}

function messageOf(eventName: string, functionName: string, found: string): string {
  const what = found === 'Failed' ? 'said Failed' : found === 'late' ? 'said nothing within an hour' : found;
  return `The deployment failed because a lifecycle event hook did: ${functionName} (${eventName}) ${what}.`;
}
