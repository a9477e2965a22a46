import { runChildren } from './children.ts';
import { bindingsOf, conclude, effectiveInput, fill, sourcesOf } from './dataflow.ts';
import type { Flow, MapState } from './definition.ts';
import { queryError, runtimeError, StatesError } from './errors.ts';
import type { Trail } from './history.ts';
import { Interruption, Stopped } from './interruption.ts';
import { evaluateTemplate } from './jsonata.ts';
import { evaluatePath } from './jsonpath.ts';
import { numberField, unexpectedType } from './number-field.ts';
import type { Json, ResumePoint } from './types.ts';
import { Variables } from './variables.ts';
import type { Outcome, Visit } from './visit.ts';

/** What AWS runs at the same time where MaxConcurrency is 0 or absent. */
const inlineConcurrency = 40;

/** A Map state, inline: its flow once per item, an array of the outputs. */
export async function runMap(visit: Visit<MapState>): Promise<Outcome> {
  const { frame } = visit;
  const input = effectiveInput(visit);
  const items = await itemsOf(visit, input);
  const concurrency = (await numberField(visit, 'MaxConcurrency', input, { from: 0, to: Infinity, integer: true })) ?? 0;
  const tolerance = await toleranceOf(visit, input, items.length);
  const progress = visit.retryCount === 0 ? visit.resume?.children : undefined;
  if (progress === undefined) frame.run.history.add(frame.trail, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const outputs = await runChildren({
    count: items.length,
    concurrency: concurrency === 0 ? inlineConcurrency : concurrency,
    parent: frame.signal,
    ...(progress === undefined ? {} : { progress }),
    ...tolerance,
    run: iterations(visit, input, items),
  });
  frame.run.history.beside(frame.trail, 'MapStateSucceeded');
  return conclude(visit, outputs.filter((output) => output !== undefined));
}

async function itemsOf(visit: Visit<MapState>, input: Json): Promise<Json[]> {
  const { Items, ItemsPath } = visit.state;
  if (visit.language === 'JSONata') {
    const items = Items === undefined ? input : await evaluateTemplate(Items, 'Items', bindingsOf(visit));
    if (Array.isArray(items)) return items;
    if (Items !== undefined) throw unexpectedType(Items, 'Items', 'array', items);
    throw queryError(`Map state input must be an array but was: ${JSON.stringify(items)}`);
  }
  const items = ItemsPath === undefined ? input : evaluatePath(ItemsPath, sourcesOf(visit, input));
  if (Array.isArray(items)) return items;
  throw runtimeError(`Reference path "${ItemsPath ?? '$'}" must point to array.`);
}

async function toleranceOf(visit: Visit<MapState>, input: Json, length: number): Promise<Partial<Parameters<typeof runChildren>[0]>> {
  const count = await numberField(visit, 'ToleratedFailureCount', input, { from: 0, to: Infinity, integer: true });
  const percentage = await numberField(visit, 'ToleratedFailurePercentage', input, { from: 0, to: 100, integer: false });
  if (count === undefined && percentage === undefined) return {};
  const allowed = Math.min(count ?? Infinity, percentage === undefined ? Infinity : (length * percentage) / 100);
  return {
    tolerates: (failures) => failures <= allowed,
    tooMany: () => new StatesError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded'),
  };
}

type RunIteration = (index: number, signal: AbortSignal, resume: ResumePoint | undefined) => Promise<Json>;

function iterations(visit: Visit<MapState>, input: Json, items: readonly Json[]): RunIteration {
  const { frame, name, state } = visit;
  const { history, runFlow } = frame.run;
  const flow = (state.ItemProcessor ?? state.Iterator) as Flow;
  return async (index, signal, resume) => {
    // A later iteration hangs on the one that made room for it.
    const trail: Trail = { last: frame.trail.last };
    const iteration = { name, index };
    if (resume === undefined) history.add(trail, 'MapIterationStarted', { mapIterationStartedEventDetails: iteration });
    const item = { Index: index, Value: items[index] ?? null };
    const variables = new Variables(frame.variables, resume?.variables);
    try {
      const output = await runFlow(flow, await iterationInput(visit, input, item), { ...frame, trail, signal, item, variables }, resume);
      frame.trail.last = trail.last;
      const succeeded = history.beside(trail, 'MapIterationSucceeded', { mapIterationSucceededEventDetails: iteration });
      if (index === items.length - 1) frame.trail.last = succeeded;
      return output;
    } catch (thrown) {
      const aborted = thrown instanceof Stopped && thrown.reason instanceof Interruption;
      if (aborted && (thrown.reason as Interruption).kind === 'SIBLING_FAILED') {
        history.beside(trail, 'MapIterationAborted', { mapIterationAbortedEventDetails: iteration });
      } else if (!aborted) {
        frame.trail.last = trail.last;
        history.beside(trail, 'MapIterationFailed', { mapIterationFailedEventDetails: iteration });
      }
      throw thrown;
    }
  };
}

async function iterationInput(visit: Visit<MapState>, input: Json, item: { Index: number; Value: Json }): Promise<Json> {
  const { ItemSelector, Parameters } = visit.state;
  if (visit.language === 'JSONata') {
    return ItemSelector === undefined ? item.Value : evaluateTemplate(ItemSelector, 'ItemSelector', bindingsOf(visit, {}, item));
  }
  const template = ItemSelector ?? Parameters;
  return template === undefined ? item.Value : fill(template, visit, input, item);
}
