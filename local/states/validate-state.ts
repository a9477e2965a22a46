import { checkTarget, report, type Check } from './check.ts';
import { comparisons, literalComparisons } from './choice-operators.ts';
import type { QueryLanguage, State } from './definition.ts';
import { allowsField, laterFields, stateFields } from './state-fields.ts';
import { parseResource } from './task-resource.ts';
import { isObject, type Json, type JsonObject } from './types.ts';
import { checkCatch, checkRetry } from './validate-errors.ts';
import { checkQueries } from './validate-queries.ts';

/** Checks a state. `siblings` are the states that it may lead to; inner flows inherit the language of the flow. */
export function checkState(state: JsonObject, check: Check, siblings: readonly string[], flowLanguage: QueryLanguage): void {
  const type = state['Type'];
  if (typeof type !== 'string' || !Object.hasOwn(stateFields, type)) {
    report(check, 'Type', `Type must be one of ${Object.keys(stateFields).join(', ')}, found ${JSON.stringify(type) ?? 'nothing'}`);
    return;
  }
  const known = type as State['Type'];
  checkFields(state, known, check);
  checkTransitions(state, known, check, siblings);
  checkQueries(state, check);
  if (state['Retry'] !== undefined) checkRetry(state['Retry'], check);
  if (state['Catch'] !== undefined) checkCatch(state['Catch'], check, siblings);
  checkers[known]?.(state, check, siblings, flowLanguage);
}

function checkFields(state: JsonObject, type: State['Type'], check: Check): void {
  for (const field of Object.keys(state)) {
    if (allowsField(type, check.language, field)) continue;
    if (type === 'Map' && laterFields.includes(field)) report(check, field, `${field} is not implemented: only inline Map states are`, true);
    else report(check, field, `A ${type} state with QueryLanguage ${check.language} has no field ${field}`);
  }
}

function checkTransitions(state: JsonObject, type: State['Type'], check: Check, siblings: readonly string[]): void {
  const { Next, End, Default, Choices } = state;
  if (stateFields[type].leads && (Next === undefined) === (End !== true)) {
    report(check, '', `A ${type} state needs either Next or "End": true`);
  }
  const targets: [string, Json | undefined][] = [['Next', Next]];
  if (type === 'Choice') {
    targets.push(['Default', Default]);
    if (Array.isArray(Choices)) Choices.forEach((rule, index) => targets.push([`Choices/${index}/Next`, isObject(rule) ? (rule['Next'] ?? null) : null]));
  }
  for (const [field, target] of targets) checkTarget(target, field, check, siblings);
}

type Checker = (state: JsonObject, check: Check, siblings: readonly string[], flowLanguage: QueryLanguage) => void;

const checkers: Partial<Record<State['Type'], Checker>> = {
  Task: ({ Resource }, check) => {
    if (typeof Resource !== 'string') report(check, 'Resource', `Resource must be an ARN, found ${JSON.stringify(Resource) ?? 'nothing'}`);
    else if (Resource.includes(':activity:')) report(check, 'Resource', 'Activities are not implemented', true);
    else if (parseResource(Resource) === undefined) {
      report(check, 'Resource', `Resource must be a Lambda function's ARN or arn:<partition>:states:::<service>:<action>, found '${Resource}'`);
    }
  },
  Choice: ({ Choices }, check) => {
    if (!Array.isArray(Choices) || Choices.length === 0) report(check, 'Choices', 'Choices must hold at least one rule');
    else Choices.forEach((rule, index) => checkRule(rule, { ...check, path: `${check.path}/Choices/${index}` }));
  },
  Wait: (state, check) => {
    const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((field) => state[field] !== undefined);
    if (given.length !== 1) report(check, '', `A Wait state needs one of Seconds, SecondsPath, Timestamp, TimestampPath, found ${given.join(', ') || 'none'}`);
  },
  Parallel: ({ Branches }, check, _siblings, flowLanguage) => {
    if (!Array.isArray(Branches) || Branches.length === 0) report(check, 'Branches', 'Branches must hold at least one flow');
    else Branches.forEach((branch, index) => checkInner(branch, `Branches/${index}`, check, flowLanguage));
  },
  Map: ({ ItemProcessor, Iterator }, check, _siblings, flowLanguage) => {
    const field = ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
    if ((ItemProcessor === undefined) === (Iterator === undefined)) report(check, '', 'A Map state needs either ItemProcessor or Iterator');
    else checkProcessor((ItemProcessor ?? Iterator)!, field, check, flowLanguage);
  },
};

function checkProcessor(flow: Json, field: string, check: Check, flowLanguage: QueryLanguage): void {
  const config = isObject(flow) ? flow['ProcessorConfig'] : undefined;
  const mode = isObject(config) ? config['Mode'] : undefined;
  if (mode === 'DISTRIBUTED') report(check, `${field}/ProcessorConfig/Mode`, 'DISTRIBUTED Map states are not implemented: use INLINE', true);
  checkInner(flow, field, check, flowLanguage);
}

function checkInner(flow: Json, field: string, check: Check, language: QueryLanguage): void {
  const inner: Check = { ...check, path: `${check.path}/${field}`, language };
  if (isObject(flow)) check.flow(flow, inner);
  else report(inner, '', `A flow must be an object, found ${JSON.stringify(flow)}`);
}

function checkRule(rule: Json, check: Check): void {
  if (!isObject(rule)) {
    report(check, '', `A rule must be an object, found ${JSON.stringify(rule)}`);
    return;
  }
  if (check.language === 'JSONata') {
    if (rule['Condition'] === undefined) report(check, '', 'A rule of a JSONata state needs a Condition');
    return;
  }
  checkComparison(rule, check);
}

function checkComparison(rule: JsonObject, check: Check): void {
  for (const combinator of ['And', 'Or'] as const) {
    const parts = rule[combinator];
    if (parts === undefined) continue;
    if (!Array.isArray(parts) || parts.length === 0) report(check, combinator, `${combinator} must hold at least one comparison`);
    else parts.forEach((part, index) => checkRule(part, { ...check, path: `${check.path}/${combinator}/${index}` }));
    return;
  }
  if (rule['Not'] !== undefined) {
    checkRule(rule['Not'], { ...check, path: `${check.path}/Not` });
    return;
  }
  if (typeof rule['Variable'] !== 'string') report(check, 'Variable', 'A comparison needs a Variable');
  const compares = Object.keys(rule).filter((name) => isComparison(name));
  if (compares.length !== 1) report(check, '', `A comparison needs one operator such as StringEquals, found ${compares.join(', ') || 'none'}`);
}

function isComparison(name: string): boolean {
  if (name === 'IsPresent') return true;
  return Object.hasOwn(comparisons, name) || Object.hasOwn(literalComparisons, name) || (name.endsWith('Path') && Object.hasOwn(comparisons, name.slice(0, -4)));
}
