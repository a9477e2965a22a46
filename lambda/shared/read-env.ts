import { EnvironmentInvalid } from './errors.ts';

/**
 * Reads the variables of an env contract, when the function starts.
 * @throws EnvironmentInvalid that names every variable that is missing or empty.
 */
export function readEnv<const Name extends string>(
  names: readonly Name[],
  source: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => (source[name] ?? '') === '');
  if (missing.length > 0) {
    throw new EnvironmentInvalid(
      `The environment lacks ${missing.join(', ')}: the function's construct must set ${missing.length === 1 ? 'it' : 'them'} (all of ${names.join(', ')}).`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name] ?? ''])) as Record<Name, string>;
}

/**
 * A variable that holds a number.
 * @throws EnvironmentInvalid where it is none, or is less than `minimum`.
 */
export function readNumber(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < minimum) {
    throw new EnvironmentInvalid(`${name} is '${text}', expected a number of at least ${String(minimum)}.`);
  }
  return value;
}
