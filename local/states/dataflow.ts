import { contextObject } from './context-object.ts';
import { dataLimitCause, exceedsDataLimit } from './limits.ts';
import { StatesError } from './errors.ts';
import { evaluateTemplate, type Bindings } from './jsonata.ts';
import { evaluatePath, type Sources } from './jsonpath.ts';
import { placeAt } from './reference-path.ts';
import { fillTemplate } from './template.ts';
import type { Json, JsonObject } from './types.ts';
import type { MapItem, Visit } from './visit.ts';

/** The fields that select and shape a state's data. */
export interface DataFields {
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
  readonly Arguments?: Json;
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

/** What the paths of a JSONPath state refer to. */
export function sourcesOf(visit: Visit, input: Json, item?: MapItem): Sources {
  return { input, context: contextObject(visit, item), variables: visit.frame.variables };
}

/** What the expressions of a JSONata state refer to. */
export function bindingsOf(visit: Visit, more: { result?: Json; errorOutput?: JsonObject } = {}, item?: MapItem): Bindings {
  return {
    states: { input: visit.input, context: contextObject(visit, item), ...more },
    variables: visit.frame.variables.visible(),
    random: visit.frame.run.ports.random,
  };
}

/** The input after InputPath; a JSONata state has none. */
export function effectiveInput(visit: Visit): Json {
  const { InputPath } = visit.state as DataFields;
  return visit.language === 'JSONata' ? visit.input : applyPath(InputPath, visit, visit.input);
}

/** The value at InputPath or OutputPath: everything by default, `{}` where it is null. */
function applyPath(path: string | null | undefined, visit: Visit, input: Json): Json {
  if (path === undefined) return input;
  return path === null ? {} : evaluatePath(path, sourcesOf(visit, input));
}

/** What a Task or a Parallel state works on: Parameters or Arguments, by default the input. */
export async function workInput(visit: Visit): Promise<Json> {
  const { Parameters, Arguments } = visit.state as DataFields;
  if (visit.language === 'JSONata') {
    return Arguments === undefined ? visit.input : evaluateTemplate(Arguments, 'Arguments', bindingsOf(visit));
  }
  const input = effectiveInput(visit);
  return Parameters === undefined ? input : fill(Parameters, visit, input);
}

/** A payload template of a JSONPath state, filled in. */
export function fill(template: Json, visit: Visit, input: Json, item?: MapItem): Json {
  return fillTemplate(template, sourcesOf(visit, input, item), visit.frame.run.ports.random);
}

/** A state's output and variables, from the result of its work. */
export async function conclude(visit: Visit, result: Json): Promise<{ output: Json; assign?: JsonObject }> {
  const fields = visit.state as DataFields;
  if (visit.language === 'JSONata') return concludeWith(fields, result, bindingsOf(visit, { result }));
  const selected = fields.ResultSelector === undefined ? result : fill(fields.ResultSelector, visit, result);
  const assign = assignFrom(fields, visit, selected);
  const merged = mergeResult(fields.ResultPath, visit.input, selected);
  return { ...assign, output: applyPath(fields.OutputPath, visit, merged) };
}

/** The same for a state without a result of its own (Choice, Wait, Succeed), or a Choice's rule. */
export async function passThrough(visit: Visit, fields: DataFields): Promise<{ output: Json; assign?: JsonObject }> {
  if (visit.language === 'JSONata') return concludeWith(fields, visit.input, bindingsOf(visit));
  const input = effectiveInput(visit);
  const { OutputPath } = visit.state as DataFields;
  return { ...assignFrom(fields, visit, input), output: applyPath(OutputPath, visit, input) };
}

/** The same for a Catcher, from the error. */
export async function recover(visit: Visit, fields: DataFields, error: JsonObject): Promise<{ output: Json; assign?: JsonObject }> {
  if (visit.language === 'JSONata') return concludeWith(fields, error, bindingsOf(visit, { errorOutput: error }));
  return { ...assignFrom(fields, visit, error), output: mergeResult(fields.ResultPath, visit.input, error) };
}

async function concludeWith(fields: DataFields, byDefault: Json, bindings: Bindings): Promise<{ output: Json; assign?: JsonObject }> {
  const assign = fields.Assign === undefined ? {} : { assign: (await evaluateTemplate(fields.Assign, 'Assign', bindings)) as JsonObject };
  const output = fields.Output === undefined ? byDefault : await evaluateTemplate(fields.Output, 'Output', bindings);
  return { ...assign, output };
}

function assignFrom({ Assign }: DataFields, visit: Visit, input: Json): { assign?: JsonObject } {
  return Assign === undefined ? {} : { assign: fill(Assign, visit, input) as JsonObject };
}

function mergeResult(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === undefined) return result;
  return path === null ? input : placeAt(path, input, result);
}

/** Refuses an output or variables that are too large. Only a Catcher that names the error catches it. */
export function checkSize(visit: Visit, { output, assign }: { output: Json; assign?: JsonObject }): void {
  if (!exceedsDataLimit(output) && (assign === undefined || !exceedsDataLimit(assign))) return;
  throw new StatesError('States.DataLimitExceeded', dataLimitCause(visit.name), 'byName');
}
