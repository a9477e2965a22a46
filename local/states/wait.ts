import { bindingsOf, effectiveInput, passThrough, sourcesOf } from './dataflow.ts';
import type { WaitState } from './definition.ts';
import { queryError, runtimeError } from './errors.ts';
import { Interruption } from './interruption.ts';
import { evaluateTemplate } from './jsonata.ts';
import { numberField, unexpectedType } from './number-field.ts';
import { evaluateQuery } from './template.ts';
import { parseTimestamp } from './timestamp.ts';
import type { Json } from './types.ts';
import type { Outcome, Visit } from './visit.ts';

/** The longest wait that Step Functions takes. */
const longestWaitSeconds = 99_999_999;
/** Longer waits until a timestamp overflow on AWS: 2^31 seconds, in days 24855. */
const longestDelayMs = 2 ** 31 * 1000;

/** A Wait state: for some seconds, or until a moment. */
export async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  const { clock } = visit.frame.run.ports;
  const ms = await delay(visit, effectiveInput(visit), clock.now().getTime());
  if (ms > 0) await sleep(visit, ms);
  return passThrough(visit, visit.state);
}

async function sleep({ frame }: Visit<WaitState>, ms: number): Promise<void> {
  try {
    await frame.run.ports.clock.sleep(ms, frame.signal);
  } catch (reason) {
    if (reason instanceof Interruption && reason.kind === 'SIBLING_FAILED') frame.run.history.beside(frame.trail, 'WaitStateAborted');
    throw reason;
  }
}

async function delay(visit: Visit<WaitState>, input: Json, now: number): Promise<number> {
  const seconds = await numberField(visit, 'Seconds', input, { from: 0, to: longestWaitSeconds, integer: true });
  if (seconds !== undefined) return seconds * 1000;
  const ms = (await moment(visit, input)) - now;
  if (ms > longestDelayMs) throw runtimeError('Wait state delay is too long.');
  return ms;
}

async function moment(visit: Visit<WaitState>, input: Json): Promise<number> {
  const { Timestamp = '', TimestampPath } = visit.state;
  if (TimestampPath !== undefined) {
    const value = evaluateQuery(TimestampPath, sourcesOf(visit, input), visit.frame.run.ports.random);
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    const wrong = `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${TimestampPath} == ${shown}`;
    return parseTimestamp(shown) ?? fail(runtimeError(wrong));
  }
  const value = visit.language === 'JSONata' ? await evaluateTemplate(Timestamp, 'Timestamp', bindingsOf(visit)) : Timestamp;
  if (typeof value !== 'string') throw unexpectedType(Timestamp, 'Timestamp', 'string', value);
  const wrong = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${value}`;
  return parseTimestamp(value) ?? fail(visit.language === 'JSONata' ? queryError(wrong, 'Timestamp') : runtimeError(wrong));
}

function fail(error: Error): never {
  throw error;
}
