import { resolve, type Scope } from './intrinsics.ts';
import { AssemblyError } from './template.ts';

/** Decides a condition of a template: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `{Condition: name}`. */
export function evaluateCondition(condition: unknown, scope: Scope): boolean {
  const [[key, argument] = ['', undefined]] = Object.entries((condition ?? {}) as Record<string, unknown>);
  const operands = Array.isArray(argument) ? argument : [argument];
  switch (key) {
    case 'Fn::Equals':
      return canonical(resolve(operands[0], scope)) === canonical(resolve(operands[1], scope));
    case 'Fn::And':
      return operands.every((operand) => evaluateCondition(operand, scope));
    case 'Fn::Or':
      return operands.some((operand) => evaluateCondition(operand, scope));
    case 'Fn::Not':
      return !evaluateCondition(operands[0], scope);
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
