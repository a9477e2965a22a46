import type { AslMachine, AslState } from './definitions.ts';
import { compilationProblem, expressionsOf, variablesOf } from './expressions.ts';

interface FlowState extends AslState {
  readonly Next?: string;
  readonly Default?: string;
  readonly Assign?: Assignments;
  readonly Choices?: readonly { readonly Condition?: string; readonly Next: string; readonly Assign?: Assignments }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly Assign?: Assignments }[];
}

type Assignments = Readonly<Record<string, unknown>>;

/** A state on its way: with the state that the variable `failure` names, which decides where a redriven run goes on. */
interface Step {
  readonly name: string;
  readonly failed: string | undefined;
}

/** A way out of a state. */
interface Way {
  readonly to: string;
  readonly assign: Assignments;
}

/** A sentence about a state. */
export interface FlowProblem {
  readonly state: string;
  readonly message: string;
}

/**
 * What is wrong with the ways through a machine: states that no way leads to, variables that are read where some way has not assigned them (which
 * ends a run as `States.QueryEvaluationError`), and failures after which a redriven run would not know where to go on.
 */
export function flowProblems(machine: AslMachine, assigned: ReadonlySet<string> = new Set()): FlowProblem[] {
  const known = walk(machine, assigned);
  const entered = new Map<string, Set<string>>();
  for (const [key, variables] of known) {
    const { name } = JSON.parse(key) as Step;
    const before = entered.get(name);
    entered.set(name, before === undefined ? variables : intersection(before, variables));
  }
  const problems: FlowProblem[] = [];
  for (const [name, state] of Object.entries(machine.States as Readonly<Record<string, FlowState>>)) {
    const variables = entered.get(name);
    if (variables === undefined) {
      problems.push({ state: name, message: 'is reached by no way.' });
      continue;
    }
    const read = new Set([...expressionsOf(state)].filter((expression) => compilationProblem(expression).length === 0).flatMap((expression) => [...variablesOf(expression)]));
    for (const variable of read) if (!variables.has(variable)) problems.push({ state: name, message: `reads $${variable}, which some way to it has not assigned.` });
    for (const branch of state.Branches ?? []) problems.push(...flowProblems(branch, variables));
  }
  return [...problems, ...unresumed(machine, known)];
}

/** The variables that every way to a step has assigned. */
function walk(machine: AslMachine, assigned: ReadonlySet<string>): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const queue: { readonly step: Step; readonly variables: Set<string> }[] = [{ step: { name: machine.StartAt, failed: undefined }, variables: new Set(assigned) }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const key = JSON.stringify(next.step);
    const before = known.get(key);
    const variables = before === undefined ? next.variables : intersection(before, next.variables);
    if (before?.size === variables.size) continue;
    known.set(key, variables);
    const state = machine.States[next.step.name] as FlowState | undefined;
    if (state === undefined) continue;
    for (const { to, assign } of waysOut(state, next.step.failed)) {
      const failure = assign['failure'] as { readonly state?: unknown } | undefined;
      queue.push({ step: { name: to, failed: typeof failure?.state === 'string' ? failure.state : next.step.failed }, variables: new Set([...variables, ...Object.keys(assign)]) });
    }
  }
  return known;
}

function waysOut(state: FlowState, failed: string | undefined): Way[] {
  const choices = (state.Choices ?? []).filter(({ Condition }) => {
    const resumed = resumedState(Condition);
    return resumed === undefined || resumed === failed;
  });
  return [
    ...choices.map(({ Next, Assign = {} }) => ({ to: Next, assign: Assign })),
    ...[state.Next ?? state.Default ?? []].flat().map((to) => ({ to, assign: state.Assign ?? {} })),
    ...(state.Catch ?? []).map(({ Next, Assign = {} }) => ({ to: Next, assign: Assign })),
  ];
}

/** NotifyFailure names the state of the failure that it told of, so a choice by `$resumeAt` is taken by the failures of that state alone. */
const resumedState = (condition: string | undefined): string | undefined => /^\{% \$resumeAt = '([^']*)' %\}$/.exec(condition ?? '')?.[1];

function unresumed(machine: AslMachine, known: ReadonlyMap<string, unknown>): FlowProblem[] {
  return [...known.keys()].flatMap((key) => {
    const { name, failed } = JSON.parse(key) as Step;
    const resumable = ((machine.States[name] as FlowState | undefined)?.Choices ?? []).flatMap(({ Condition }) => resumedState(Condition) ?? []);
    if (resumable.length === 0 || (failed !== undefined && resumable.includes(failed))) return [];
    return [{ state: name, message: `does not know how to go on after a failure of ${String(failed)}.` }];
  });
}

const intersection = (left: ReadonlySet<string>, right: ReadonlySet<string>): Set<string> => new Set([...left].filter((item) => right.has(item)));
