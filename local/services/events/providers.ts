import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { Deliveries } from './deliveries.ts';
import { defaultBus } from './rules.ts';
import type { Rule, RuleProperties, Rules } from './rules.ts';
import type { Timers } from './timers.ts';

/** Rule names have at most 64 characters. */
const longestName = 64;

/** AWS::Events::Rule. */
export function ruleProvider(context: LaptopContext, rules: Rules, deliveries: Deliveries, timers: Timers): ResourceProvider {
  return {
    type: 'AWS::Events::Rule',
    apply(declaration, provision, previous) {
      const properties = declaration.properties as RuleProperties;
      const known = previous?.attributes['Name'];
      const name = typeof known === 'string' ? known : (properties.Name ?? provision.physicalName(declaration, longestName));
      const rule = rules.deploy(name, properties);
      if (properties.ScheduleExpression !== undefined && rule.enabled) {
        timers.set(rule.arn, properties.ScheduleExpression, undefined, (time) => deliveries.send(rule, scheduledEvent(context, rule, time)));
      } else {
        timers.clear(rule.arn);
      }
      // Ref of a rule on a bus of its own names the bus as well.
      return { physicalId: rule.bus === defaultBus ? name : `${rule.bus}|${name}`, attributes: { Arn: rule.arn, Name: name } };
    },
    remove(previous) {
      const arn = String(previous.attributes['Arn']);
      timers.clear(arn);
      rules.remove(arn);
    },
  };
}

function scheduledEvent({ accountId, region }: LaptopContext, { arn }: Rule, time: Date): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [arn],
    detail: {},
  };
}

/** AWS::Events::EventBus: a name by which rules and events find each other. */
export function eventBusProvider({ partition, region, accountId }: LaptopContext): ResourceProvider {
  return {
    type: 'AWS::Events::EventBus',
    apply({ properties }) {
      const name = String(properties['Name']);
      return { physicalId: name, attributes: { Name: name, Arn: `arn:${partition}:events:${region}:${accountId}:event-bus/${name}` } };
    },
  };
}
