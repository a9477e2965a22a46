import { randomUUID } from 'node:crypto';
import type { Call, Operation, Output } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Deliveries } from './deliveries.ts';
import { checkPattern, matchesPattern } from './pattern.ts';
import { busName } from './rules.ts';
import type { Rule, Rules } from './rules.ts';

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly Time?: Date;
  readonly EventBusName?: string;
}

/** How many entries one PutEvents takes, and how much one entry may hold. */
const limits = { entries: 10, entryBytes: 1024 * 1024 };

/** The operations of Amazon EventBridge that the laptop serves. */
export function eventOperations(context: LaptopContext, rules: Rules, deliveries: Deliveries): Readonly<Record<string, Operation>> {
  return {
    PutEvents({ Entries }: { Entries: readonly Entry[] }, call: Call): Output {
      if (Entries.length === 0 || Entries.length > limits.entries) {
        throw new AwsError('ValidationException', `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have 1 to ${limits.entries} entries, found ${Entries.length}`);
      }
      const results = Entries.map((entry) => put(context, rules, deliveries, entry, call));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
    ListRules: ({ EventBusName, NamePrefix = '' }: { EventBusName?: string; NamePrefix?: string }) => ({
      Rules: rules.list(EventBusName).filter(({ name }) => name.startsWith(NamePrefix)).map(describeRule),
    }),
    DescribeRule: ({ Name, EventBusName }: { Name: string; EventBusName?: string }) => describeRule(rules.get(Name, EventBusName)),
    ListTargetsByRule: ({ Rule: name, EventBusName }: { Rule: string; EventBusName?: string }) => ({ Targets: rules.get(name, EventBusName).properties.Targets ?? [] }),
    TestEventPattern: ({ EventPattern, Event }: { EventPattern: string; Event: string }) => ({ Result: matchesPattern(readPattern(EventPattern), JSON.parse(Event)) }),
  };
}

function readPattern(text: string): Record<string, unknown> {
  try {
    const pattern = JSON.parse(text) as Record<string, unknown>;
    checkPattern(pattern);
    return pattern;
  } catch (error) {
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function put(context: LaptopContext, rules: Rules, deliveries: Deliveries, entry: Entry, call: Call): Output {
  const problem = problemOf(entry, call);
  if (problem !== undefined) return problem;
  const id = randomUUID();
  const event = {
    version: '0',
    id,
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: context.accountId,
    time: (entry.Time ?? context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: context.region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}') as unknown,
  };
  const bus = busName(entry.EventBusName);
  context.emit({ type: 'service', service: 'events', name: 'Event', detail: { bus, event } });
  for (const rule of rules.matching(bus, event)) deliveries.send(rule, event);
  return { EventId: id };
}

function problemOf({ Source, DetailType, Detail, Resources }: Entry, { caller }: Call): Output | undefined {
  const invalid = (ErrorMessage: string): Output => ({ ErrorCode: 'InvalidArgument', ErrorMessage });
  if (Source === undefined || Source === '') return invalid('Parameter Source is not valid. Reason: Source is a required argument.');
  if (DetailType === undefined || DetailType === '') return invalid('Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  if (Detail === undefined) return invalid('Parameter Detail is not valid. Reason: Detail is a required argument.');
  if (Source.startsWith('aws.') && caller.kind !== 'service') {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const bytes = Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail) + Buffer.byteLength((Resources ?? []).join(''));
  if (bytes > limits.entryBytes) return invalid(`Total size of the entry is ${bytes} bytes, over the limit of ${limits.entryBytes}.`);
  try {
    const detail = JSON.parse(Detail) as unknown;
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Not JSON at all: the same answer as for JSON that is no object.
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function describeRule({ name, arn, bus, properties, pattern, enabled }: Rule): Output {
  return {
    Name: name,
    Arn: arn,
    EventBusName: bus,
    State: enabled ? 'ENABLED' : 'DISABLED',
    ...(pattern === undefined ? {} : { EventPattern: JSON.stringify(pattern) }),
    ...(properties.ScheduleExpression === undefined ? {} : { ScheduleExpression: properties.ScheduleExpression }),
    ...(properties.Description === undefined ? {} : { Description: properties.Description }),
    ...(properties.RoleArn === undefined ? {} : { RoleArn: properties.RoleArn }),
  };
}
