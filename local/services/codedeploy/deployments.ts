import { randomBytes } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { readAppSpec, writeAppSpec } from './app-spec.ts';
import type { DeploymentConfigs } from './configs.ts';
import { defaultConfig } from './configs.ts';
import { Hooks } from './hooks.ts';
import type { Registry } from './registry.ts';
import { rollBack, shiftTraffic } from './shift.ts';
import type { ShiftParts } from './shift.ts';
import { DeploymentFailure, type DeploymentRecord } from './types.ts';

/** What a deployment is created with. */
export interface NewDeployment {
  readonly applicationName: string;
  readonly groupName: string;
  readonly configName?: string;
  readonly description?: string;
  readonly appSpec: string;
  readonly creator: DeploymentRecord['creator'];
}

/** The deployments of all groups. Those at work when the laptop ends are stopped: whoever made them makes others. */
export class Deployments {
  readonly hooks: Hooks;
  readonly #context: LaptopContext;
  readonly #registry: Registry;
  readonly #configs: DeploymentConfigs;
  readonly #records: Collection<DeploymentRecord>;
  readonly #running = new Map<string, { readonly control: AbortController; readonly done: Promise<void> }>();

  constructor(context: LaptopContext, registry: Registry, configs: DeploymentConfigs) {
    this.#context = context;
    this.#registry = registry;
    this.#configs = configs;
    this.#records = context.store.collection('codedeploy', 'deployment');
    this.hooks = new Hooks(context);
    for (const { value } of this.#records.list()) if (value.status === 'Created' || value.status === 'InProgress') this.#put({ ...value, status: 'Stopped', error: { code: 'MANUAL_STOP', message: 'The laptop ended while the deployment was at work.' }, endedAt: this.#now() });
  }

  /** Begins a deployment. @throws {AwsError} where CodeDeploy would not */
  create({ applicationName, groupName, configName, description, appSpec, creator }: NewDeployment): DeploymentRecord {
    const group = this.#registry.get(applicationName, groupName);
    const name = configName ?? group.DeploymentConfigName ?? defaultConfig;
    const routing = this.#configs.get(name);
    const shift = readAppSpec(appSpec);
    const busy = this.list().find((record) => this.#running.has(record.id) && record.shift.functionName === shift.functionName && record.shift.alias === shift.alias);
    if (busy !== undefined) throw new AwsError('DeploymentLimitExceededException', `The Deployment Group '${busy.groupName}' already has an active Deployment '${busy.id}'`);
    const record: DeploymentRecord = {
      id: newId(),
      applicationName,
      groupName,
      configName: name,
      creator,
      appSpec,
      shift,
      status: 'Created',
      weight: 0,
      events: (['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'] as const).map((event) => ({ name: event, status: event === 'AllowTraffic' || shift.hooks[event] !== undefined ? 'Pending' : 'Skipped' })),
      createdAt: this.#now(),
      ...(description !== undefined && { description }),
    };
    this.#put(record);
    const control = new AbortController();
    const parts: ShiftParts = { context: this.#context, group, routing, hooks: this.hooks, update: (changes) => this.#update(record.id, changes), read: () => this.get(record.id), signal: control.signal };
    this.#running.set(record.id, { control, done: this.#run(parts, record.id).finally(() => this.#running.delete(record.id)) });
    return record;
  }

  /** @throws {AwsError} DeploymentDoesNotExistException */
  get(id: string): DeploymentRecord {
    const found = this.#records.get(id);
    if (found === undefined) throw new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
    return found;
  }

  /** All deployments, the latest first. */
  list(): DeploymentRecord[] {
    return this.#records.list().map(({ value }) => value).sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
  }

  /** Stops a deployment. @throws {AwsError} when it is over */
  stop(id: string): void {
    const { status } = this.get(id);
    const running = this.#running.get(id);
    if (running === undefined) throw new AwsError('DeploymentAlreadyCompletedException', `The deployment ${id} is ${status} already.`);
    running.control.abort(new DeploymentFailure('MANUAL_STOP', 'The deployment was stopped by the user.', 'DEPLOYMENT_STOP_ON_REQUEST'));
  }

  /** Stops all; resolves when they are. */
  async close(): Promise<void> {
    for (const { control } of this.#running.values()) control.abort(new Error('The laptop ends.'));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #run(parts: ShiftParts, id: string): Promise<void> {
    try {
      this.#update(id, { status: 'InProgress', startedAt: this.#now() });
      await shiftTraffic(parts);
      this.#update(id, { status: 'Succeeded', endedAt: this.#now() });
    } catch (thrown) {
      const error = parts.signal.aborted ? (parts.signal.reason as unknown) : thrown;
      if (error instanceof DeploymentFailure) await this.#fail(parts, id, error);
      // A laptop that ends leaves the alias as it is: the next one knows the deployment as stopped.
      else if (!parts.signal.aborted) await this.#fail(parts, id, new DeploymentFailure('INVALID_LAMBDA_FUNCTION', error instanceof Error ? error.message : String(error)));
    }
    const { status, error } = this.get(id);
    this.#context.emit({ type: 'service', service: 'codedeploy', name: 'DeploymentEnded', detail: { deploymentId: id, status, ...(error && { reason: error.message }) } });
  }

  async #fail({ context, group }: ShiftParts, id: string, failure: DeploymentFailure): Promise<void> {
    const record = this.get(id);
    const events = record.events.map((event) => ({ ...event, status: event.status === 'InProgress' ? 'Failed' : event.status === 'Pending' ? 'Skipped' : event.status }) as const);
    const { Enabled: enabled = false, Events: wanted = [] } = group.AutoRollbackConfiguration ?? {};
    const failed = { events, status: failure.event === 'DEPLOYMENT_FAILURE' ? 'Failed' : 'Stopped', error: { code: failure.code, message: failure.message }, endedAt: this.#now() } as const;
    if (String(enabled) !== 'true' || !wanted.includes(failure.event)) {
      this.#update(id, failed);
      return;
    }
    // Traffic is back before anyone reads that the deployment is over.
    await rollBack(context, group, record.shift);
    const { shift, ...rest } = record;
    const back = { ...shift, currentVersion: shift.targetVersion, targetVersion: shift.currentVersion, hooks: {} };
    const rollback: DeploymentRecord = { ...rest, id: newId(), creator: 'codeDeployRollback', appSpec: writeAppSpec(back), shift: back, status: 'Succeeded', weight: 100, events: [{ name: 'AllowTraffic', status: 'Succeeded', startedAt: this.#now(), endedAt: this.#now() }], createdAt: this.#now(), endedAt: this.#now() };
    this.#put(rollback);
    this.#update(id, { ...failed, weight: 0, rollback: { deploymentId: rollback.id, message: `Deployment ${rollback.id} was created to roll back the deployment ${id}` } });
  }

  #update(id: string, changes: Partial<DeploymentRecord>): void {
    this.#put({ ...this.get(id), ...changes });
  }

  #put(record: DeploymentRecord): void {
    this.#records.put(record.id, record);
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}

/** In the form of CodeDeploy's own. */
function newId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return `d-${[...randomBytes(9)].map((byte) => letters[byte % letters.length]).join('')}`;
}
