import { bindingsOf, conclude, effectiveInput, fill, passThrough, sourcesOf } from './dataflow.ts';
import type { FailState, PassState, SucceedState } from './definition.ts';
import { EvaluationError, runtimeError, TaskFailure } from './errors.ts';
import { evaluateTemplate } from './jsonata.ts';
import { unexpectedType } from './number-field.ts';
import { isIntrinsic } from './intrinsics-parse.ts';
import { evaluateQuery } from './template.ts';
import type { Outcome, Visit } from './visit.ts';

/** A Pass state: its fixed result, its parameters, or its input. */
export async function runPass(visit: Visit<PassState>): Promise<Outcome> {
  if (visit.language === 'JSONata') return passThrough(visit, visit.state);
  const { Result, Parameters } = visit.state;
  const input = effectiveInput(visit);
  const filled = Parameters === undefined ? input : fill(Parameters, visit, input);
  return conclude(visit, Result === undefined ? filled : Result);
}

/** A Succeed state: the flow's end. */
export function runSucceed(visit: Visit<SucceedState>): Promise<Outcome> {
  return passThrough(visit, visit.state);
}

/** A Fail state: always a failure, with the error and cause that it names. */
export async function runFail(visit: Visit<FailState>): Promise<Outcome> {
  throw new TaskFailure(await failText(visit, 'Error'), await failText(visit, 'Cause'));
}

async function failText(visit: Visit<FailState>, name: 'Error' | 'Cause'): Promise<string | undefined> {
  const { state, language } = visit;
  const path = state[`${name}Path`];
  if (path !== undefined) return textAt(visit, `${name}Path`, path);
  const field = state[name];
  if (field === undefined || language === 'JSONPath') return field;
  const value = await evaluateTemplate(field, name, bindingsOf(visit));
  if (typeof value !== 'string') throw unexpectedType(field, name, 'string', value);
  return value;
}

function textAt(visit: Visit<FailState>, name: string, path: string): string {
  const value = readQuery(visit, name, path);
  if (typeof value !== 'string') throw runtimeError(`The field '${name}' must refer to a string, found ${JSON.stringify(value)} at '${path}'.`);
  return value;
}

function readQuery(visit: Visit<FailState>, name: string, path: string): unknown {
  try {
    return evaluateQuery(path, sourcesOf(visit, visit.input), visit.frame.run.ports.random);
  } catch (error) {
    if (!(error instanceof EvaluationError) || isIntrinsic(path)) throw error;
    throw runtimeError(`The JSONPath '${path}' specified for the field '${name}' could not be found in the input '${JSON.stringify(visit.input)}'`);
  }
}
