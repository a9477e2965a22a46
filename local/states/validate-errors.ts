import { checkTarget, report, type Check } from './check.ts';
import { isObject, type Json, type JsonObject } from './types.ts';

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly integer: boolean;
}

const retryBounds: Readonly<Record<string, Bounds>> = {
  IntervalSeconds: { from: 1, to: 99_999_999, integer: true },
  MaxAttempts: { from: 0, to: 99_999_999, integer: true },
  BackoffRate: { from: 1, to: Infinity, integer: false },
  MaxDelaySeconds: { from: 1, to: 31_622_399, integer: true },
};

/** Checks `Retry`. */
export function checkRetry(retry: Json, check: Check): void {
  forEachEntry(retry, 'Retry', check, (retrier, inner) => {
    for (const [field, { from, to, integer }] of Object.entries(retryBounds)) {
      const value = retrier[field];
      if (value === undefined) continue;
      const fits = typeof value === 'number' && value >= from && value <= to && (!integer || Number.isInteger(value));
      if (!fits) report(inner, field, `${field} must be ${integer ? 'an integer' : 'a number'} from ${from} to ${to}, found ${JSON.stringify(value)}`);
    }
    const { JitterStrategy } = retrier;
    if (JitterStrategy !== undefined && JitterStrategy !== 'FULL' && JitterStrategy !== 'NONE') {
      report(inner, 'JitterStrategy', `JitterStrategy must be FULL or NONE, found ${JSON.stringify(JitterStrategy)}`);
    }
  });
}

/** Checks `Catch`. */
export function checkCatch(catchers: Json, check: Check, siblings: readonly string[]): void {
  forEachEntry(catchers, 'Catch', check, (catcher, inner) => {
    checkTarget(catcher['Next'] ?? null, 'Next', inner, siblings);
    const foreign = check.language === 'JSONata' ? 'ResultPath' : 'Output';
    if (catcher[foreign] !== undefined) report(inner, foreign, `A Catcher of a ${check.language} state has no ${foreign}`);
  });
}

function forEachEntry(entries: Json, field: string, check: Check, each: (entry: JsonObject, inner: Check) => void): void {
  if (!Array.isArray(entries)) {
    report(check, field, `${field} must be an array, found ${JSON.stringify(entries)}`);
    return;
  }
  entries.forEach((entry, index) => {
    const inner: Check = { ...check, path: `${check.path}/${field}/${index}` };
    if (!isObject(entry)) {
      report(inner, '', `An entry of ${field} must be an object, found ${JSON.stringify(entry)}`);
      return;
    }
    checkErrorEquals(entry['ErrorEquals'], inner, index === entries.length - 1);
    each(entry, inner);
  });
}

function checkErrorEquals(names: Json | undefined, check: Check, last: boolean): void {
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    report(check, 'ErrorEquals', `ErrorEquals must name at least one error, found ${JSON.stringify(names) ?? 'nothing'}`);
  } else if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    report(check, 'ErrorEquals', 'States.ALL must stand alone and in the last entry');
  }
}
