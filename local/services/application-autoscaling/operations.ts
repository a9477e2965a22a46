import { createHash } from 'node:crypto';
import type { Operation, Output } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { parseSchedule } from '../events/schedule.ts';
import { metricQueries } from './metric.ts';
import type { Scaler } from './scaler.ts';
import { targetKey } from './types.ts';
import type { PolicyRecord, ScheduledActionRecord, TargetId, TargetRecord } from './types.ts';

/** What the operations and the resource types of scaling do. */
export class ScalingApi {
  readonly #context: LaptopContext;
  readonly #scaler: Scaler;

  constructor(context: LaptopContext, scaler: Scaler) {
    this.#context = context;
    this.#scaler = scaler;
  }

  /** Registers a target, or changes its bounds. @throws {AwsError} ValidationException */
  putTarget({ MinCapacity, MaxCapacity, RoleARN, ...id }: TargetId & { readonly MinCapacity?: number | string; readonly MaxCapacity?: number | string; readonly RoleARN?: string }): TargetRecord {
    const standing = this.#scaler.targets.get(targetKey(id));
    const [least, most] = [Number(MinCapacity ?? standing?.MinCapacity), Number(MaxCapacity ?? standing?.MaxCapacity)];
    if (!(least >= 0) || !(most >= least)) throw new AwsError('ValidationException', `MinCapacity is ${String(MinCapacity)} and MaxCapacity ${String(MaxCapacity)}: expected whole numbers, the first no larger than the second.`);
    const record: TargetRecord = { ...identity(id), MinCapacity: least, MaxCapacity: most, createdAt: standing?.createdAt ?? this.#now(), ...(RoleARN !== undefined && { RoleARN }) };
    this.#scaler.targets.put(targetKey(id), record);
    return record;
  }

  /** Takes a target away, with its policies and scheduled actions. */
  removeTarget(id: TargetId): void {
    this.#scaler.target(id);
    for (const { id: key } of this.#scaler.policies.list(`${targetKey(id)}|`)) this.#scaler.policies.delete(key);
    for (const { value } of this.#scaler.scheduled.list(`${targetKey(id)}|`)) this.removeScheduled(value);
    this.#scaler.targets.delete(targetKey(id));
  }

  /** Puts a policy on a target. @throws {AwsError} ObjectNotFoundException, ValidationException */
  putPolicy(input: Omit<PolicyRecord, 'PolicyARN' | 'createdAt' | 'PolicyType'> & { readonly PolicyType?: string }): PolicyRecord {
    this.#scaler.target(input);
    const { StepScalingPolicyConfiguration: steps, TargetTrackingScalingPolicyConfiguration: tracking } = input;
    if (steps === undefined && tracking === undefined) throw new AwsError('ValidationException', `The policy ${input.PolicyName} is of the type ${String(input.PolicyType)}: the laptop serves StepScaling and TargetTrackingScaling.`);
    if (tracking !== undefined) metricQueries(input, tracking);
    const record: PolicyRecord = {
      ...identity(input),
      PolicyName: input.PolicyName,
      PolicyType: tracking === undefined ? 'StepScaling' : 'TargetTrackingScaling',
      PolicyARN: this.#arn('scalingPolicy', input, 'policyName', input.PolicyName),
      createdAt: this.#now(),
      ...(steps && { StepScalingPolicyConfiguration: steps }),
      ...(tracking && { TargetTrackingScalingPolicyConfiguration: tracking }),
    };
    this.#scaler.policies.put(`${targetKey(input)}|${input.PolicyName}`, record);
    this.#scaler.wake();
    return record;
  }

  /** Takes a policy away. */
  removePolicy(id: TargetId & { readonly PolicyName: string }): void {
    if (!this.#scaler.policies.delete(`${targetKey(id)}|${id.PolicyName}`)) throw new AwsError('ObjectNotFoundException', `No scaling policy found for ${id.PolicyName}.`);
  }

  /** Puts a scheduled action on a target. @throws {AwsError} ObjectNotFoundException, ValidationException */
  putScheduled(input: Omit<ScheduledActionRecord, 'ScheduledActionARN' | 'createdAt'>): ScheduledActionRecord {
    this.#scaler.target(input);
    try {
      parseSchedule(input.Schedule, input.Timezone);
    } catch (error) {
      throw new AwsError('ValidationException', error instanceof Error ? error.message : String(error));
    }
    const { ScheduledActionName, Schedule, Timezone, ScalableTargetAction } = input;
    const record: ScheduledActionRecord = { ...identity(input), ScheduledActionName, Schedule, ScheduledActionARN: this.#arn('scheduledAction', input, 'scheduledActionName', ScheduledActionName), createdAt: this.#now(), ...(Timezone !== undefined && { Timezone }), ...(ScalableTargetAction && { ScalableTargetAction }) };
    this.#scaler.scheduled.put(`${targetKey(input)}|${ScheduledActionName}`, record);
    this.#scaler.schedule(record);
    return record;
  }

  /** Takes a scheduled action away. */
  removeScheduled(action: TargetId & { readonly ScheduledActionName: string }): void {
    const key = `${targetKey(action)}|${action.ScheduledActionName}`;
    const found = this.#scaler.scheduled.get(key);
    if (found === undefined) throw new AwsError('ObjectNotFoundException', `No scheduled action found for ${action.ScheduledActionName}.`);
    this.#scaler.unschedule(found);
    this.#scaler.scheduled.delete(key);
  }

  #arn(kind: string, { ServiceNamespace, ResourceId }: TargetId, label: string, name: string): string {
    const { partition, region, accountId } = this.#context;
    const id = createHash('sha1').update(`${ResourceId}/${name}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
    return `arn:${partition}:autoscaling:${region}:${accountId}:${kind}:${id}:resource/${ServiceNamespace}/${ResourceId}:${label}/${name}`;
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}

interface Filter {
  readonly ServiceNamespace: string;
  readonly ResourceId?: string;
  readonly ResourceIds?: readonly string[];
  readonly ScalableDimension?: string;
  readonly PolicyNames?: readonly string[];
  readonly ScheduledActionNames?: readonly string[];
}

/** The operations of Application Auto Scaling that the laptop serves. */
export function scalingOperations(api: ScalingApi, scaler: Scaler): Readonly<Record<string, Operation>> {
  const fits = ({ ServiceNamespace, ResourceId, ResourceIds, ScalableDimension }: Filter) => (record: TargetId): boolean =>
    record.ServiceNamespace === ServiceNamespace &&
    (ResourceId === undefined || record.ResourceId === ResourceId) &&
    (ResourceIds === undefined || ResourceIds.includes(record.ResourceId)) &&
    (ScalableDimension === undefined || record.ScalableDimension === ScalableDimension);
  const dated = <T extends { readonly createdAt: string }>({ createdAt, ...record }: T): Output => ({ ...record, CreationTime: new Date(createdAt) });
  return {
    RegisterScalableTarget(input) {
      api.putTarget(input);
      return {};
    },
    DeregisterScalableTarget(input: TargetId) {
      api.removeTarget(input);
      return {};
    },
    DescribeScalableTargets: (input: Filter) => ({ ScalableTargets: scaler.targets.list().map(({ value }) => value).filter(fits(input)).map(dated) }),
    PutScalingPolicy: (input) => ({ PolicyARN: api.putPolicy(input).PolicyARN, Alarms: [] }),
    DeleteScalingPolicy(input: TargetId & { PolicyName: string }) {
      api.removePolicy(input);
      return {};
    },
    DescribeScalingPolicies: (input: Filter) => ({ ScalingPolicies: scaler.policies.list().map(({ value }) => value).filter(fits(input)).filter(({ PolicyName }) => input.PolicyNames?.includes(PolicyName) ?? true).map(dated) }),
    PutScheduledAction(input) {
      api.putScheduled(input);
      return {};
    },
    DeleteScheduledAction(input: TargetId & { ScheduledActionName: string }) {
      api.removeScheduled(input);
      return {};
    },
    DescribeScheduledActions: (input: Filter) => ({
      ScheduledActions: scaler.scheduled.list().map(({ value }) => value).filter(fits(input)).filter(({ ScheduledActionName }) => input.ScheduledActionNames?.includes(ScheduledActionName) ?? true).map(dated),
    }),
    DescribeScalingActivities: (input: Filter) => ({
      ScalingActivities: scaler.activities.filter(fits(input)).map(({ at, ...activity }) => ({ ...activity, StartTime: new Date(at), EndTime: new Date(at), StatusCode: 'Successful' })),
    }),
    /** No operation of the API: what an alarm does whose action is a policy. */
    async ExecutePolicy({ PolicyARN, MetricValue, BreachThreshold }: { PolicyARN: string; MetricValue: number; BreachThreshold: number }) {
      await scaler.execute(PolicyARN, MetricValue, BreachThreshold);
      return {};
    },
  };
}

function identity({ ServiceNamespace, ResourceId, ScalableDimension }: TargetId): TargetId {
  return { ServiceNamespace, ResourceId, ScalableDimension };
}
