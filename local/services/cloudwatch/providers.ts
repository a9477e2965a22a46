import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { AlarmInput, CompositeAlarmInput, MetricAlarmInput } from './alarms/alarm.ts';
import type { AlarmDeclaration, Alarms } from './alarms/alarms.ts';

/** Alarm names have at most 255 characters. */
const longestName = 255;

/** AWS::CloudWatch::Alarm and AWS::CloudWatch::CompositeAlarm: their properties are those of the API. */
export function alarmProviders(alarms: Alarms, wake: () => void): ResourceProvider[] {
  const provider = (type: string, declare: (input: AlarmInput) => AlarmDeclaration): ResourceProvider => ({
    type,
    apply(declaration, { physicalName }, previous) {
      const AlarmName = nameOf(declaration) ?? previous?.physicalId ?? physicalName(declaration, longestName);
      const { Tags: _, ...properties } = typed(declaration.properties) as Record<string, unknown>;
      const { arn } = alarms.put(declare({ ...properties, AlarmName }));
      wake();
      return { physicalId: AlarmName, attributes: { Arn: arn } };
    },
    remove: ({ physicalId }) => alarms.remove(physicalId),
  });
  return [
    provider('AWS::CloudWatch::Alarm', (input) => ({ kind: 'metric', input: input as MetricAlarmInput })),
    provider('AWS::CloudWatch::CompositeAlarm', (input) => ({ kind: 'composite', input: input as CompositeAlarmInput })),
  ];
}

const numbers: ReadonlySet<string> = new Set(['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold']);
const booleans: ReadonlySet<string> = new Set(['ActionsEnabled', 'ReturnData']);

/** What comes from a template's parameter is text; the API has numbers and booleans. */
function typed(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => typed(item));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, typed(member, name)]));
  if (typeof value !== 'string') return value;
  return numbers.has(key) ? Number(value) : booleans.has(key) ? value === 'true' : value;
}

function nameOf({ properties }: ResourceDeclaration): string | undefined {
  const name = properties['AlarmName'];
  return typeof name === 'string' ? name : undefined;
}
