import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { Timers } from '../events/timers.ts';
import { fire } from './fire.ts';
import type { Schedule, ScheduleTarget } from './fire.ts';

/** Schedule names have at most 64 characters. */
const longestName = 64;
const defaultGroup = 'default';

interface ScheduleProperties {
  readonly Name?: string;
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly Target: ScheduleTarget;
}

/** AWS::Scheduler::Schedule. Its flexible time window is none here: it fires on time. */
export function scheduleProvider(context: LaptopContext, timers: Timers): ResourceProvider {
  const { partition, region, accountId } = context;
  return {
    type: 'AWS::Scheduler::Schedule',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as unknown as ScheduleProperties;
      const name = previous?.physicalId ?? properties.Name ?? provision.physicalName(declaration, longestName);
      const arn = `arn:${partition}:scheduler:${region}:${accountId}:schedule/${properties.GroupName ?? defaultGroup}/${name}`;
      const schedule: Schedule = { arn, name, target: properties.Target };
      const { State: state = 'ENABLED', StartDate: start, EndDate: end } = properties;
      if (state === 'DISABLED') {
        timers.clear(arn);
      } else {
        timers.set(arn, properties.ScheduleExpression, properties.ScheduleExpressionTimezone, (time) => {
          const early = start !== undefined && time < new Date(start);
          const late = end !== undefined && time > new Date(end);
          if (!early && !late) void fire(context, schedule, time);
        });
      }
      return { physicalId: name, attributes: { Arn: arn } };
    },
    remove: (previous) => timers.clear(String(previous.attributes['Arn'])),
  };
}

/** AWS::Scheduler::ScheduleGroup. */
export function scheduleGroupProvider({ partition, region, accountId }: LaptopContext): ResourceProvider {
  return {
    type: 'AWS::Scheduler::ScheduleGroup',
    apply(declaration, provision, previous) {
      const name = previous?.physicalId ?? (declaration.properties['Name'] as string | undefined) ?? provision.physicalName(declaration, longestName);
      return { physicalId: name, attributes: { Arn: `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${name}`, State: 'ACTIVE' } };
    },
  };
}
