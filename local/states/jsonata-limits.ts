import { setImmediate } from 'node:timers/promises';
import type jsonata from 'jsonata';

/** How long one expression may take: without a bound, a recursion without an end would stop the whole process. */
const longestMs = 10_000;
/** After how many steps an evaluation looks at the time and lets others do their work. */
const stepsPerTurn = 10_000;
/** The space keeps expressions from reaching it. */
const budgetVariable = ' budget';

interface Budget {
  steps: number;
  readonly deadline: number;
  readonly milliseconds: number;
}

interface Environment {
  lookup(name: string): unknown;
}

/** Makes an expression count its steps. */
export function limit(expression: jsonata.Expression): jsonata.Expression {
  const onStep = async (_expression: unknown, _input: unknown, environment: Environment): Promise<void> => {
    const budget = environment.lookup(budgetVariable) as Budget | undefined;
    if (budget === undefined || ++budget.steps % stepsPerTurn !== 0) return;
    await setImmediate();
    if (Date.now() > budget.deadline) throw new Error(`it took more than ${budget.milliseconds} ms`);
  };
  // JSONata's own hook for this has a symbol for a name, which its types do not show.
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, onStep);
  return expression;
}

/** The binding that one evaluation needs for its steps to be counted. */
export function budget(milliseconds = longestMs): Record<string, unknown> {
  return { [budgetVariable]: { steps: 0, deadline: Date.now() + milliseconds, milliseconds } satisfies Budget };
}
