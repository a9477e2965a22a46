import { comparisons, literalComparisons } from './choice-operators.ts';
import { bindingsOf, effectiveInput, passThrough, sourcesOf } from './dataflow.ts';
import type { ChoiceRule, ChoiceState } from './definition.ts';
import { EvaluationError, runtimeError, StatesError } from './errors.ts';
import { evaluateTemplate } from './jsonata.ts';
import { evaluatePath, pathExists, type Sources } from './jsonpath.ts';
import { unexpectedType } from './number-field.ts';
import type { Json, JsonObject } from './types.ts';
import type { Outcome, Visit } from './visit.ts';

/** A Choice state: the first rule that holds, or the default. */
export async function runChoice(visit: Visit<ChoiceState>): Promise<Outcome> {
  const { Choices, Default } = visit.state;
  const sources = visit.language === 'JSONPath' ? sourcesOf(visit, effectiveInput(visit)) : undefined;
  for (const [index, rule] of Choices.entries()) {
    const holds = sources === undefined ? await conditionHolds(visit, rule, index) : ruleHolds(rule, sources);
    if (holds) return { ...(await passThrough(visit, withoutVariable(rule))), next: rule.Next };
  }
  if (Default === undefined) {
    throw new StatesError('States.NoChoiceMatched', `Failed to transition out of the state '${visit.name}'. No rule of its Choices holds and it has no Default.`);
  }
  return { ...(await passThrough(visit, visit.state)), next: Default };
}

/** Of a rule, only Assign and Output shape the data. */
function withoutVariable({ Assign, Output }: ChoiceRule): { Assign?: JsonObject; Output?: Json } {
  return { ...(Assign === undefined ? {} : { Assign: Assign as JsonObject }), ...(Output === undefined ? {} : { Output }) };
}

async function conditionHolds(visit: Visit<ChoiceState>, rule: ChoiceRule, index: number): Promise<boolean> {
  const location = `Choices[${index}]/Condition`;
  const condition = rule['Condition'] ?? null;
  const value = await evaluateTemplate(condition, location, bindingsOf(visit));
  if (typeof value !== 'boolean') throw unexpectedType(condition, location, 'boolean', value);
  return value;
}

function ruleHolds(rule: JsonObject, sources: Sources): boolean {
  const { And, Or, Not } = rule;
  if (Array.isArray(And)) return And.every((part) => ruleHolds(part as JsonObject, sources));
  if (Array.isArray(Or)) return Or.some((part) => ruleHolds(part as JsonObject, sources));
  if (Not !== undefined) return !ruleHolds(Not as JsonObject, sources);
  return comparisonHolds(rule, sources);
}

function comparisonHolds(rule: JsonObject, sources: Sources): boolean {
  const variable = rule['Variable'] as string;
  if (rule['IsPresent'] !== undefined) return pathExists(variable, sources) === rule['IsPresent'];
  for (const [name, expected] of Object.entries(rule)) {
    const literal = comparisons[name] ?? literalComparisons[name];
    if (literal !== undefined) return literal(valueAt(variable, sources), expected);
    const byPath = name.endsWith('Path') ? comparisons[name.slice(0, -'Path'.length)] : undefined;
    if (byPath !== undefined) return byPath(valueAt(variable, sources), valueAt(expected as string, sources));
  }
  throw runtimeError(`The rule of the choice state compares nothing: ${JSON.stringify(rule)}`);
}

function valueAt(path: string, sources: Sources): Json {
  try {
    return evaluatePath(path, sources);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw runtimeError(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
  }
}
