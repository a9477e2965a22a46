import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { Timers } from '../events/timers.ts';
import type { Secrets } from './secrets.ts';
import { stages } from './types.ts';
import type { RotationRecord, SecretRecord } from './types.ts';

const principal = 'secretsmanager.amazonaws.com';
const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** Rotates secrets by their functions: when asked, and by their schedules on the laptop's clock. */
export class Rotations {
  readonly #context: LaptopContext;
  readonly #secrets: Secrets;
  readonly #timers: Timers;
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(context: LaptopContext, secrets: Secrets) {
    this.#context = context;
    this.#secrets = secrets;
    this.#timers = new Timers(context);
  }

  /** Follows a secret's schedule from now on. */
  schedule({ arn, name, rotation }: SecretRecord): void {
    this.#timers.clear(arn);
    const expression = rotation && scheduleOf(rotation);
    if (expression !== undefined) this.#timers.set(arn, expression, undefined, () => this.start(name));
  }

  /** Begins a rotation. @returns the id of the version that is to come of it */
  start(name: string, token: string = randomUUID()): string {
    const work = this.#rotate(name, token)
      .catch((error: unknown) => {
        if (!this.#closing) this.#context.emit({ type: 'notice', subject: name, message: `the secret was not rotated: ${error instanceof Error ? error.message : String(error)}` });
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
    return token;
  }

  /** Goes on with the schedules of secrets that an earlier laptop knew. */
  ready(): void {
    for (const secret of this.#secrets.list()) if (secret.rotation !== undefined) this.schedule(secret);
  }

  /** Stops. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#timers.close();
    await Promise.all(this.#running);
  }

  async #rotate(name: string, token: string): Promise<void> {
    const secret = this.#secrets.get(name);
    const { rotation } = secret;
    if (rotation === undefined) throw new Error('No Lambda rotation function ARN is associated with this secret.');
    if (!secret.versions.some(({ id }) => id === token)) {
      const createdAt = this.#context.clock.now().toISOString();
      // The version is there before its value: the function finds it by its label.
      this.#secrets.moveLabel({ ...secret, versions: [...secret.versions, { id: token, stages: [], createdAt }] }, stages.pending, token);
    }
    for (const Step of steps) await this.#call(rotation, { Step, SecretId: secret.arn, ClientRequestToken: token, RotationToken: token });
    const rotated = this.#secrets.get(name);
    if (!rotated.versions.some(({ id, stages: labels }) => id === token && labels.includes(stages.current))) throw new Error(`the function ${rotation.functionArn} ended without making version ${token} the current one.`);
    this.#secrets.put({ ...this.#secrets.moveLabel(rotated, stages.pending, undefined), rotatedAt: this.#context.clock.now().toISOString() });
  }

  async #call({ functionArn }: RotationRecord, event: object): Promise<void> {
    const input = { FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) };
    const output = await this.#context.dispatch({ service: 'lambda', operation: 'Invoke', input, caller: this.#context.identity.service(principal) });
    if (output['FunctionError'] !== undefined) throw new Error(`${functionArn} failed: ${Buffer.from((output['Payload'] as Uint8Array | undefined) ?? []).toString()}`);
  }
}

function scheduleOf({ rules: { AutomaticallyAfterDays: days, ScheduleExpression: expression } }: RotationRecord): string | undefined {
  if (expression !== undefined) return expression;
  if (days === undefined) return undefined;
  return `rate(${days} ${days === 1 ? 'day' : 'days'})`;
}
