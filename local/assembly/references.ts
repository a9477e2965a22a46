import type { TemplateResource } from './template.ts';

/** The logical ids and parameter names that a value refers to. */
export function references(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

/** What a resource needs before it: what its properties and its update policy refer to and what it depends on. */
export function resourceReferences({ Properties, UpdatePolicy, DependsOn = [] }: TemplateResource): Set<string> {
  return references([Properties, UpdatePolicy, [DependsOn].flat().map((Ref) => ({ Ref }))]);
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [[key, argument] = ['', undefined]] = entries;
    if (entries.length === 1 && collectIntrinsic(key, argument, found)) return;
    for (const [, item] of entries) collect(item, found);
  }
}

/** @returns whether the key is an intrinsic that refers to something */
function collectIntrinsic(key: string, argument: unknown, found: Set<string>): boolean {
  if (key === 'Ref' && typeof argument === 'string') {
    found.add(argument);
    return true;
  }
  if (key === 'Fn::GetAtt') {
    const [target] = typeof argument === 'string' ? argument.split('.') : (argument as unknown[]);
    found.add(String(target));
    collect(argument, found);
    return true;
  }
  if (key === 'Fn::Sub') {
    const [text, variables] = Array.isArray(argument) ? (argument as [unknown, Record<string, unknown>]) : [argument, {}];
    for (const name of placeholders(String(text))) if (!Object.hasOwn(variables, name)) found.add(name.split('.')[0] ?? name);
    collect(variables, found);
    return true;
  }
  return false;
}

/** The names in `${..}` of an `Fn::Sub`, without the escaped `${!..}`. */
function placeholders(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => (match[1] ?? '').trim());
}
