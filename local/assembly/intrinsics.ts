import { functions } from './functions.ts';
import type { Scope } from './resolution.ts';
import { AssemblyError } from './template.ts';

/** `AWS::NoValue`: the property that holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** Resolves a value of a template until no intrinsic is left in it. */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveAny(value, scope);
  return resolved === noValue ? undefined : resolved;
}

function resolveAny(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return scope.keepDynamicReferences ? value : refuseDynamicReference(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolveAny(item, scope)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))) {
    const intrinsic = Object.hasOwn(functions, key) ? functions[key] : undefined;
    if (intrinsic) return intrinsic(argument, scope, (inner) => resolveAny(inner, scope));
    // `Condition` is an intrinsic among conditions and a plain property in policies.
    if (key !== 'Condition') throw new AssemblyError(`${scope.place} uses ${key}, which the laptop does not resolve. It resolves ${Object.keys(functions).join(', ')}.`);
  }
  const resolved = entries.map(([name, item]): [string, unknown] => [name, resolveAny(item, scope)]);
  return Object.fromEntries(resolved.filter(([, item]) => item !== noValue));
}

function refuseDynamicReference(text: string, scope: Scope): string {
  const reference = /\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[^}]*\}\}/.exec(text)?.[0];
  if (reference !== undefined) throw new AssemblyError(`${scope.place} holds the dynamic reference ${reference}, which the laptop does not resolve: pass the value as a parameter, or read it at run time.`);
  return text;
}
