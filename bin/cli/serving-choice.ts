import { backgroundName, servingTargetNames } from '../../examples/serving-targets.ts';
import type { ServingChoice } from '../../examples/serving-targets.ts';

const contextKeys = ['targets', 'staging', 'production'] as const;

/**
 * What serves an example, as the context says: `targets` is a list of names or `all`, `staging` and `production` name one of them each.
 * @returns undefined where the context says nothing: the example has its one API
 * @throws Error that names the context value, what was found and what was expected
 */
export function servingChoice(setting: (key: string, fallback: string) => string, example: string, examples: readonly string[]): ServingChoice | undefined {
  const [list, staging, production] = contextKeys.map((key) => setting(key, ''));
  const given = contextKeys.filter((key) => setting(key, '') !== '');
  if (given.length === 0) return undefined;
  if (!examples.includes(example)) throw new Error(`The context value ${given[0]!} is '${setting(given[0]!, '')}', and the example is ${example}, expected ${examples.join(' or ')}: others have one API.`);
  if (list === '') throw new Error(`The context value ${given[0]!} is '${setting(given[0]!, '')}' and targets is not set, expected -c targets=${servingTargetNames.slice(0, 2).join(',')} or -c targets=all beside it.`);
  const targets = list === 'all' ? servingTargetNames : list!.split(',').map((name) => name.trim());
  for (const name of targets) {
    if (!servingTargetNames.includes(name)) throw new Error(`The context value targets names '${name}', expected all, or some of ${servingTargetNames.join(',')}.`);
  }
  const twice = targets.find((name, index) => targets.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`The context value targets names '${twice}' more than once, expected each target once.`);
  const serving = targets.filter((name) => name !== backgroundName);
  if (serving.length === 0) throw new Error(`The context value targets is '${list!}', expected a target beside it whose models ${backgroundName} predicts with.`);
  return { targets, ...named('staging', staging!, serving), ...named('production', production!, serving) };
}

function named(key: 'staging' | 'production', name: string, targets: readonly string[]): Partial<ServingChoice> {
  if (name === '') return {};
  if (!targets.includes(name)) throw new Error(`The context value ${key} is '${name}', expected one of the targets: ${targets.join(', ')}.`);
  return { [key]: name };
}
