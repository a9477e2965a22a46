import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../errors.ts';

/** What one rule found: a sentence, several, or nothing. */
export type Finding = string | readonly string[] | undefined;

/** Throws once with everything that the rules found. */
export function validate(scope: IConstruct, findings: readonly Finding[]): void {
  const failures = findings.flatMap((finding) => finding ?? []);
  if (failures.length > 0) throw new ConfigurationError(scope, failures);
}

/** A finding where a number lies outside its bounds; tokens pass, since nobody knows them yet. */
export function validateRange(name: string, value: number | undefined, minimum: number, maximum: number, unit = ''): Finding {
  if (value === undefined || Token.isUnresolved(value) || (value >= minimum && value <= maximum)) return undefined;
  return `${name} is ${String(value)}${unit}, expected ${String(minimum)} to ${String(maximum)}${unit}.`;
}

/** A finding where a number is no whole number. */
export function validateInteger(name: string, value: number | undefined): Finding {
  if (value === undefined || Token.isUnresolved(value) || Number.isInteger(value)) return undefined;
  return `${name} is ${String(value)}, expected a whole number.`;
}

/** A finding where a duration is no whole number of seconds within its bounds. */
export function validateSeconds(name: string, duration: Duration | undefined, minimum: number, maximum: number): Finding {
  if (duration === undefined || duration.isUnresolved()) return undefined;
  const seconds = duration.toSeconds({ integral: false });
  const outside = validateRange(name, seconds, minimum, maximum, ' s');
  if (outside !== undefined || Number.isInteger(seconds)) return outside;
  return `${name} is ${String(seconds)} s, expected a whole number of seconds.`;
}

/** A finding where a duration is no whole number of days, or less than one. */
export function validateDays(name: string, duration: Duration | undefined): Finding {
  if (duration === undefined || duration.isUnresolved()) return undefined;
  const days = duration.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1) return undefined;
  return `${name} is ${String(days)} days, expected a whole number of days, at least 1.`;
}

/** A finding where a name is not in kebab-case or too long for the names that are made from it. */
export function validateKebabCase(name: string, value: string, maxLength: number): Finding {
  if (Token.isUnresolved(value)) return `${name} is a token, expected a text that is known at synth: it becomes a part of names and keys.`;
  if (value.length <= maxLength && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value)) return undefined;
  return `${name} is '${value}', expected kebab-case such as 'flight-delays', at most ${String(maxLength)} characters.`;
}

/** `FlightDelays` and `flight_delays` as `flight-delays`. */
export function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

/** `flight-delays` as `FlightDelays`, for the ids of constructs. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}
