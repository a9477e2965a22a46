import jsonata from 'jsonata';

/** Every JSONata expression of a state itself, without those of the states in it. */
export function* expressionsOf(value: unknown, top = true): Generator<string> {
  if (typeof value === 'string') {
    const expression = /^\s*\{%([\s\S]*)%\}\s*$/.exec(value)?.[1];
    if (expression !== undefined) yield expression;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      if (top && (key === 'Branches' || key === 'ItemProcessor' || key === 'Comment')) continue;
      yield* expressionsOf(part, false);
    }
  }
}

/** What jsonata 2.0.6, which Step Functions runs, says of an expression. */
export function compilationProblem(expression: string): string[] {
  if (/\$eval\s*\(/.test(expression)) return [`uses $eval, which Step Functions does not have, in ${expression.trim()}`];
  try {
    jsonata(expression);
    return [];
  } catch (error) {
    return [`the expression ${expression.trim()} does not compile: ${(error as { message: string }).message}`];
  }
}

/** The variables that an expression reads and does not bind itself. The functions that it calls are none. */
export function variablesOf(expression: string): Set<string> {
  const read = new Set<string>();
  const visit = (node: unknown, bound: Set<string>): void => {
    if (Array.isArray(node)) {
      for (const part of node) visit(part, bound);
      return;
    }
    if (typeof node !== 'object' || node === null || node instanceof RegExp) return;
    const { type, value, procedure, lhs, rhs, arguments: parameters, body, ...others } = node as Record<string, unknown>;
    if (type === 'variable') {
      if (typeof value === 'string' && !['', '$', 'states'].includes(value) && !bound.has(value)) read.add(value);
      visit(others, bound);
    } else if (type === 'bind') {
      visit(rhs, bound);
      bound.add((lhs as { value: string }).value);
    } else if (type === 'lambda') {
      visit(body, new Set([...bound, ...(parameters as { value: string }[]).map((parameter) => parameter.value)]));
    } else {
      const inner = type === 'block' ? new Set(bound) : bound;
      if ((procedure as { type?: unknown } | undefined)?.type !== 'variable') visit(procedure, inner);
      for (const part of [lhs, rhs, parameters, body, ...Object.values(others)]) visit(part, inner);
    }
  };
  visit(jsonata(expression).ast(), new Set());
  return read;
}
