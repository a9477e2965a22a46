import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { Timers } from '../events/timers.ts';
import type { Capacities } from './capacity.ts';
import { step, track, trackingMinutes } from './decide.ts';
import { metricQueries } from './metric.ts';
import { targetKey } from './types.ts';
import type { Activity, PolicyRecord, ScheduledActionRecord, TargetId, TargetRecord } from './types.ts';

const minute = 60_000;
const defaultCooldownSeconds = 300;
const mostActivities = 200;
const principal = 'application-autoscaling.amazonaws.com';

/** Scaling is told apart from what people do by its bound: so many processes of one service help a machine with so many processors. */
const processesPerProcessor = 2;

/** Changes capacities: as policies and their metrics ask for it, and at their times. */
export class Scaler {
  readonly targets: Collection<TargetRecord>;
  readonly policies: Collection<PolicyRecord>;
  readonly scheduled: Collection<ScheduledActionRecord>;
  readonly activities: Activity[] = [];
  readonly #context: LaptopContext;
  readonly #capacities: Capacities;
  readonly #timers: Timers;
  readonly #closing = new AbortController();
  /** When a target last grew or shrank, in milliseconds. */
  readonly #changed = new Map<string, { readonly at: number; readonly grew: boolean }>();
  #running: Promise<void> | undefined;

  constructor(context: LaptopContext, capacities: Capacities) {
    this.#context = context;
    this.#capacities = capacities;
    this.#timers = new Timers(context);
    this.targets = context.store.collection('application-autoscaling', 'target');
    this.policies = context.store.collection('application-autoscaling', 'policy');
    this.scheduled = context.store.collection('application-autoscaling', 'scheduled-action');
  }

  /** @throws {AwsError} ObjectNotFoundException */
  target(id: TargetId): TargetRecord {
    const found = this.targets.get(targetKey(id));
    if (found === undefined) throw new AwsError('ObjectNotFoundException', `No scalable target registered for service namespace: ${id.ServiceNamespace}, resource ID: ${id.ResourceId}, scalable dimension: ${id.ScalableDimension}`);
    return found;
  }

  /** Follows a scheduled action from now on. */
  schedule(action: ScheduledActionRecord): void {
    const { Schedule, Timezone, ScalableTargetAction: change = {} } = action;
    this.#timers.set(action.ScheduledActionARN, Schedule, Timezone, () => {
      const target = this.targets.get(targetKey(action));
      if (target === undefined) return;
      const { MinCapacity = target.MinCapacity, MaxCapacity = target.MaxCapacity } = change;
      this.targets.put(targetKey(action), { ...target, MinCapacity: Number(MinCapacity), MaxCapacity: Number(MaxCapacity) });
      void this.#inBackground(action, () => this.#bring(action, undefined, `scheduled action name ${action.ScheduledActionName} was triggered`));
    });
  }

  /** Forgets a scheduled action. */
  unschedule({ ScheduledActionARN }: ScheduledActionRecord): void {
    this.#timers.clear(ScheduledActionARN);
  }

  /** Begins, once there is a metric to look at. */
  wake(): void {
    if (this.#running !== undefined || this.#closing.signal.aborted || !this.#tracking().length) return;
    this.#running = this.#run().catch(() => undefined).finally(() => (this.#running = undefined));
  }

  /** What an alarm asks of a step policy. @throws {AwsError} ObjectNotFoundException */
  async execute(policyArn: string, value: number, threshold: number): Promise<void> {
    const policy = this.policies.list().find(({ value: { PolicyARN } }) => PolicyARN === policyArn)?.value;
    if (policy === undefined) throw new AwsError('ObjectNotFoundException', `No scaling policy has the ARN ${policyArn}.`);
    const { StepScalingPolicyConfiguration: config } = policy;
    if (config === undefined) return;
    const wanted = step(config, value - threshold, await this.#capacities.read(policy));
    if (wanted !== undefined) await this.#bring(policy, wanted, `policy ${policy.PolicyName}`, Number(config.Cooldown ?? defaultCooldownSeconds));
  }

  /** Stops. */
  async close(): Promise<void> {
    this.#timers.close();
    this.#closing.abort(new Error('The laptop stops.'));
    await this.#running;
  }

  #tracking(): readonly PolicyRecord[] {
    return this.policies.list().flatMap(({ value }) => (value.TargetTrackingScalingPolicyConfiguration === undefined ? [] : [value]));
  }

  async #run(): Promise<void> {
    const { clock } = this.#context;
    for (;;) {
      const now = clock.now().getTime();
      await clock.sleep(Math.floor(now / minute) * minute + minute - now, this.#closing.signal);
      for (const policy of this.#tracking()) await this.#inBackground(policy, () => this.#follow(policy));
      if (this.#tracking().length === 0) return;
    }
  }

  async #follow(policy: PolicyRecord): Promise<void> {
    const { TargetTrackingScalingPolicyConfiguration: config } = policy;
    if (config === undefined || this.targets.get(targetKey(policy)) === undefined) return;
    const current = await this.#capacities.read(policy);
    const wanted = track(await this.#values(policy), Number(config.TargetValue), current);
    // What was set to nothing is not woken by a metric of nothing, and capacity below the least is someone's own wish until there is load.
    if (wanted === undefined || wanted === current || (wanted < current && String(config.DisableScaleIn) === 'true')) return;
    const cooldown = wanted > current ? config.ScaleOutCooldown : config.ScaleInCooldown;
    await this.#bring(policy, wanted, `policy ${policy.PolicyName}`, Number(cooldown ?? defaultCooldownSeconds));
  }

  async #values(policy: PolicyRecord): Promise<readonly (number | undefined)[]> {
    const end = Math.floor(this.#context.clock.now().getTime() / minute) * minute;
    const start = end - trackingMinutes.in * minute;
    const queries = metricQueries(policy, policy.TargetTrackingScalingPolicyConfiguration!);
    const { MetricDataResults: results } = (await this.#context.dispatch({
      service: 'monitoring',
      operation: 'GetMetricData',
      input: { MetricDataQueries: queries, StartTime: new Date(start), EndTime: new Date(end) },
      caller: this.#context.identity.service(principal),
    })) as { MetricDataResults: readonly { readonly Timestamps: readonly Date[]; readonly Values: readonly number[] }[] };
    const [result] = results;
    const byTime = new Map(result?.Timestamps.map((time, index) => [time.getTime(), result.Values[index]!]));
    return Array.from({ length: trackingMinutes.in }, (_, index) => byTime.get(start + index * minute));
  }

  /** Sets a capacity within its bounds; without a wish, brings the one that is within them. */
  async #bring(id: TargetId, wanted: number | undefined, cause: string, cooldownSeconds = 0): Promise<void> {
    const target = this.target(id);
    const key = targetKey(id);
    const current = await this.#capacities.read(id);
    const most = id.ServiceNamespace === 'ecs' && wanted !== undefined ? Math.max(target.MinCapacity, Math.min(target.MaxCapacity, availableParallelism() * processesPerProcessor)) : target.MaxCapacity;
    const capacity = Math.min(most, Math.max(target.MinCapacity, wanted ?? current));
    // A target below its least capacity grows with a scale-out alone.
    if (capacity === current || (wanted !== undefined && wanted < current && capacity > current)) return;
    const now = this.#context.clock.now().getTime();
    const last = this.#changed.get(key);
    const grows = capacity > current;
    if (last !== undefined && last.grew === grows && now - last.at < cooldownSeconds * 1000) return;
    await this.#capacities.write(id, capacity);
    this.#changed.set(key, { at: now, grew: grows });
    const { ServiceNamespace, ResourceId, ScalableDimension } = id;
    this.activities.unshift({ ServiceNamespace, ResourceId, ScalableDimension, ActivityId: randomUUID(), Description: `Setting desired capacity to ${capacity}.`, Cause: cause, at: new Date(now).toISOString() });
    this.activities.splice(mostActivities);
    this.#context.emit({ type: 'service', service: 'application-autoscaling', name: 'Scaled', detail: { resourceId: ResourceId, from: current, to: capacity, cause } });
  }

  async #inBackground({ ResourceId }: TargetId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#context.emit({ type: 'notice', subject: ResourceId, message: `it was not scaled: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
}
