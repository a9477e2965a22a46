import { report, type Check } from './check.ts';
import { compile, expressionText, isExpression } from './jsonata.ts';
import { parsePath } from './jsonpath-parse.ts';
import { parseReferencePath } from './reference-path.ts';
import { checkQuery } from './template.ts';
import { isObject, type Json, type JsonObject } from './types.ts';

const innerFlows = ['ItemProcessor', 'Iterator', 'Branches'];
const templates = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign', 'Credentials'];

/** Checks the paths or the expressions of a state, without those of its inner flows. */
export function checkQueries(state: JsonObject, check: Check): void {
  for (const [field, value] of Object.entries(state)) {
    if (innerFlows.includes(field)) continue;
    const inner: Check = { ...check, path: `${check.path}/${field}` };
    if (check.language === 'JSONata') checkExpressions(value, inner);
    else if (templates.includes(field)) checkTemplate(value, inner);
    else checkPathField(field, value, inner);
  }
}

function checkExpressions(value: Json, check: Check): void {
  if (isExpression(value)) {
    const text = expressionText(value);
    tell(check, () => compile(text), `The JSONata expression '${text}' is wrong`);
    return;
  }
  forEachChild(value, check, checkExpressions);
}

function checkTemplate(value: Json, check: Check): void {
  if (!isObject(value)) {
    forEachChild(value, check, checkTemplate);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const inner: Check = { ...check, path: `${check.path}/${name}` };
    if (!name.endsWith('.$')) checkTemplate(member, inner);
    else if (typeof member !== 'string') report(inner, '', `A field whose name ends in .$ must hold a path or an intrinsic function, found ${JSON.stringify(member)}`);
    else tell(inner, () => checkQuery(member), `'${member}' is wrong`);
  }
}

function checkPathField(field: string, value: Json, check: Check): void {
  if (field === 'Catch' || field === 'Choices') {
    forEachChild(value, check, checkEntry);
    return;
  }
  if (!field.endsWith('Path') || value === null) return;
  if (typeof value !== 'string') report(check, '', `${field} must be a path, found ${JSON.stringify(value)}`);
  else if (field === 'ResultPath') tell(check, () => parseReferencePath(value), `${field} is wrong`);
  else if (['InputPath', 'OutputPath', 'ItemsPath'].includes(field)) tell(check, () => parsePath(value), `${field} is wrong`);
  else tell(check, () => checkQuery(value), `${field} is wrong`);
}

/** A Catcher, a Choice rule, or a comparison inside of one. */
function checkEntry(entry: Json, check: Check): void {
  if (!isObject(entry)) {
    forEachChild(entry, check, checkEntry);
    return;
  }
  for (const [name, value] of Object.entries(entry)) {
    const inner: Check = { ...check, path: `${check.path}/${name}` };
    if (name === 'Assign') checkTemplate(value, inner);
    else if (name === 'Variable' && typeof value === 'string') tell(inner, () => parsePath(value), 'Variable is wrong');
    else if (name === 'And' || name === 'Or' || name === 'Not') checkEntry(value, inner);
    else checkPathField(name, value, inner);
  }
}

function forEachChild(value: Json, check: Check, each: (child: Json, inner: Check) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) each(child, { ...check, path: `${check.path}/${name}` });
}

function tell(check: Check, attempt: () => unknown, message: string): void {
  try {
    attempt();
  } catch (error) {
    report(check, '', `${message}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
