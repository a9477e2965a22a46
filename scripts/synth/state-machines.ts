import validateAsl from 'asl-validator';
import { statesOf } from './definitions.ts';
import type { AslMachine, AslState, Definition } from './definitions.ts';
import { compilationProblem, expressionsOf } from './expressions.ts';
import type { CheckResult, Finding } from './finding.ts';
import { flowProblems } from './flow.ts';

const check = 'state machines';

/** Step Functions takes definitions up to this size. */
const maximumDefinitionBytes = 1_048_576;

/** Checks definitions by asl-validator, by compiling each expression as Step Functions would, and by rules of our own. */
export function checkStateMachines(definitions: readonly Definition[]): CheckResult {
  let states = 0;
  let expressions = 0;
  const findings = definitions.flatMap(({ where, machine }): Finding[] => {
    const found: Finding[] = validatorProblems(machine).map((message) => ({ check, where, message }));
    if (machine.TimeoutSeconds === undefined) found.push({ check, where, message: 'the machine has no TimeoutSeconds: a run could stay for a year.' });
    const bytes = Buffer.byteLength(JSON.stringify(machine));
    if (bytes > maximumDefinitionBytes) found.push({ check, where, message: `the definition has ${String(bytes)} bytes, and Step Functions takes ${String(maximumDefinitionBytes)}.` });
    for (const { state, message } of flowProblems(machine)) found.push({ check, where: `${where} ${state}`, message });
    for (const [name, state] of statesOf(machine)) {
      states += 1;
      const all = [...expressionsOf(state)];
      expressions += all.length;
      for (const message of [...all.flatMap(compilationProblem), ...ruleProblems(state)]) found.push({ check, where: `${where} ${name}`, message });
    }
    return found;
  });
  return { check, looked: `${String(definitions.length)} definitions, ${String(states)} states, ${String(expressions)} expressions`, findings };
}

/** What CloudFormation would say an hour later, or nobody ever. */
function ruleProblems(state: AslState): string[] {
  const problems: string[] = [];
  if (state.Comment === undefined) problems.push('has no Comment.');
  if (state.Type === 'Task') {
    if (!Array.isArray(state.Retry) || state.Retry.length === 0) problems.push('is a Task without Retry.');
    if (state.TimeoutSeconds === undefined) problems.push('is a Task without TimeoutSeconds.');
  }
  for (const [field, verb] of [['Catch', 'catches'], ['Retry', 'retries']] as const) {
    const rules = (state[field] ?? []) as readonly { readonly ErrorEquals: readonly string[] }[];
    for (const [index, { ErrorEquals }] of rules.entries()) {
      if (!ErrorEquals.includes('States.ALL')) continue;
      if (ErrorEquals.length > 1) problems.push(`${verb} States.ALL beside other errors: it must stand alone.`);
      if (index < rules.length - 1) problems.push(`${verb} States.ALL before other rules: it must be the last.`);
    }
  }
  return problems;
}

function validatorProblems(machine: AslMachine): string[] {
  // A copy: asl-validator writes into what it checks.
  const { isValid, errors } = validateAsl(structuredClone(machine));
  return isValid ? [] : errors.map((error) => `${error['Error code']}: ${error.Message ?? JSON.stringify(error)}`);
}
