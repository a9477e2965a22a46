import type { Resolve, Scope } from './resolution.ts';
import { AssemblyError } from './template.ts';

/** Decides a condition of a template: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `{Condition: name}`. */
export function evaluateCondition(condition: unknown, scope: Scope, resolve: Resolve): boolean {
  const [[key, argument] = ['', undefined]] = Object.entries((condition ?? {}) as Record<string, unknown>);
  const operands = Array.isArray(argument) ? argument : [argument];
  switch (key) {
    case 'Fn::Equals':
      return canonical(resolve(operands[0])) === canonical(resolve(operands[1]));
    case 'Fn::And':
      return operands.every((operand) => evaluateCondition(operand, scope, resolve));
    case 'Fn::Or':
      return operands.some((operand) => evaluateCondition(operand, scope, resolve));
    case 'Fn::Not':
      return !evaluateCondition(operands[0], scope, resolve);
    case 'Condition':
      return scope.condition(String(argument));
    default:
      throw new AssemblyError(`${scope.place}: ${JSON.stringify(condition)} is no condition. Expected Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition.`);
  }
}

/** CloudFormation compares text: the number 1 equals "1". */
function canonical(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
