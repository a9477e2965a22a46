import { AwsError } from '../../../core/errors.ts';
import { functions } from './functions.ts';
import type { Expression } from './parse.ts';
import { pointwise, seriesOf } from './values.ts';
import type { Grid, Value } from './values.ts';

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** Results that are no number (0/0, 1/0) are no data point. */
const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

/**
 * Computes a metric math expression.
 * @param variable gives a metric or another expression by its id
 * @param metrics the metrics themselves, by id: what METRICS() stands for
 * @throws {AwsError} ValidationError
 */
export function evaluate(expression: Expression, grid: Grid, variable: (id: string) => Value, metrics: () => ReadonlyMap<string, Value>): Value {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', value: expression.value };
    case 'text':
      return { kind: 'text', value: expression.value };
    case 'variable':
      // The one bare word that is no metric: how FILL repeats.
      return expression.id === 'REPEAT' || expression.id === 'LINEAR' ? { kind: 'text', value: expression.id } : variable(expression.id);
    case 'list':
      return { kind: 'list', members: expression.members.map((member) => seriesOf(evaluate(member, grid, variable, metrics))) };
    case 'binary':
      return pointwise(operators[expression.operator]!, [evaluate(expression.left, grid, variable, metrics), evaluate(expression.right, grid, variable, metrics)]);
    case 'call': {
      const implementation = Object.hasOwn(functions, expression.name) ? functions[expression.name] : undefined;
      if (implementation === undefined) throw new AwsError('ValidationError', `The laptop does not know the metric math function ${expression.name}: it knows ${Object.keys(functions).join(', ')}.`);
      return implementation(expression.args.map((argument) => evaluate(argument, grid, variable, metrics)), grid, metrics);
    }
  }
}
