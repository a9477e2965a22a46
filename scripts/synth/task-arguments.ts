import { NormalizedSchema } from '@smithy/core/schema';
import { statesOf } from './definitions.ts';
import type { Definition } from './definitions.ts';
import type { CheckResult, Finding } from './finding.ts';

const check = 'task arguments';

/** Checks the arguments of each task against the input shape that the AWS SDK has for its call. */
export async function checkTaskArguments(definitions: readonly Definition[]): Promise<CheckResult> {
  const findings: Finding[] = [];
  let tasks = 0;
  for (const { where, machine } of definitions) {
    for (const [name, { Type, Resource, Arguments }] of statesOf(machine)) {
      if (Type !== 'Task' || Resource === undefined) continue;
      tasks += 1;
      for (const message of await argumentProblems(Resource, Arguments)) findings.push({ check, where: `${where} ${name}`, message });
    }
  }
  return { check, looked: `${String(tasks)} tasks`, findings };
}

/** What is wrong with the arguments of one task. */
export async function argumentProblems(resource: string, values: unknown): Promise<string[]> {
  const call = callOf(resource);
  if (call === undefined) return [`the resource ${resource} is no call that this check knows.`];
  let client: Record<string, unknown>;
  try {
    client = (await import(`@aws-sdk/client-${call.client}`)) as Record<string, unknown>;
  } catch (error) {
    return [`@aws-sdk/client-${call.client} cannot be loaded, so the arguments cannot be checked: ${(error as Error).message}`];
  }
  const operation = client[`${call.operation}$`];
  if (!Array.isArray(operation)) return [`the SDK knows no operation ${call.operation} of ${call.client}.`];
  return problems(NormalizedSchema.of(resolve(operation[4]) as never), values, 'Arguments');
}

function callOf(resource: string): { client: string; operation: string } | undefined {
  const match = /^arn:[^:]+:states:::(?:aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(?:\.sync(?::2)?|\.waitForTaskToken)?$/.exec(resource);
  if (match === null) return undefined;
  const [, service = '', action = ''] = match;
  // Step Functions calls itself otherwise than the SDK does.
  return { client: service === 'states' ? 'sfn' : service, operation: action === 'invoke' && service === 'lambda' ? 'Invoke' : `${action.charAt(0).toUpperCase()}${action.slice(1)}` };
}

function problems(schema: NormalizedSchema, value: unknown, at: string): string[] {
  // What an expression gives is known at run time; a payload or a body may be anything.
  if ((typeof value === 'string' && /^\s*\{%[\s\S]*%\}\s*$/.test(value)) || schema.isBlobSchema() || schema.isStreaming() || schema.isDocumentSchema()) return [];
  if (schema.isStructSchema()) return structProblems(schema, value, at);
  if (schema.isListSchema()) {
    return Array.isArray(value) ? value.flatMap((item, index) => problems(schema.getValueSchema(), item, `${at}[${String(index)}]`)) : [expected(at, 'a list', value)];
  }
  if (schema.isMapSchema()) {
    return isObject(value) ? Object.entries(value).flatMap(([key, item]) => problems(schema.getValueSchema(), item, `${at}.${key}`)) : [expected(at, 'an object', value)];
  }
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : [expected(at, 'a text', value)];
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : [expected(at, 'a number', value)];
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : [expected(at, 'true or false', value)];
  return [];
}

function structProblems(schema: NormalizedSchema, value: unknown, at: string): string[] {
  if (!isObject(value)) return [expected(at, 'an object', value)];
  // Step Functions writes each member with a capital letter, whatever the API does.
  const members = new Map([...schema.structIterator()].map(([name, member]) => [capitalised(name), member]));
  // A structure's schema lists its required members first, and says last how many they are.
  const definition = resolve(schema.getSchema()) as readonly unknown[];
  const required = [...members.keys()].slice(0, typeof definition[6] === 'number' ? definition[6] : 0);
  // The input of an execution may be any JSON, of which Step Functions makes a text.
  const given = schema.getName() === 'StartExecutionInput' && isObject(value['Input']) ? { ...value, Input: JSON.stringify(value['Input']) } : value;
  return [
    ...required.filter((name) => value[name] === undefined).map((name) => `${at}.${name} is missing.`),
    ...Object.entries(given).flatMap(([name, member]) => {
      const memberSchema = members.get(name);
      return memberSchema === undefined ? [`${at}.${name} is no member of ${schema.getName() ?? 'the shape'} (${[...members.keys()].join(', ')}).`] : problems(memberSchema, member, `${at}.${name}`);
    }),
  ];
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const resolve = (schema: unknown): unknown => (typeof schema === 'function' ? (schema as () => unknown)() : schema);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const expected = (at: string, what: string, value: unknown): string => `${at} is ${JSON.stringify(value)}, expected ${what}.`;
