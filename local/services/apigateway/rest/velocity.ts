import type { Expression, Node, Reference } from './velocity-parse.ts';
import { parseTemplate } from './velocity-parse.ts';

/** What a template's references begin with: `$input`, `$context`, .. Those that it sets are added. */
export type Variables = Record<string, unknown>;

/** Fills in a mapping template. @throws where it is none, or calls what is not there */
export function render(template: string, variables: Variables): string {
  return write(parseTemplate(template), variables);
}

function write(nodes: readonly Node[], variables: Variables): string {
  return nodes.map((node) => writeNode(node, variables)).join('');
}

function writeNode(node: Node, variables: Variables): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value': {
      const value = evaluate(node.reference, variables);
      if (value === undefined || value === null) return node.reference.isQuiet ? '' : node.reference.source;
      return textOf(value);
    }
    case 'set':
      assign(node.target, evaluate(node.value, variables), variables);
      return '';
    case 'if': {
      const branch = node.branches.find(({ condition }) => condition === undefined || isTrue(evaluate(condition, variables)));
      return branch === undefined ? '' : write(branch.body, variables);
    }
    case 'foreach': {
      const list = evaluate(node.list, variables);
      const items = Array.isArray(list) ? list : Object.values((list ?? {}) as object);
      return items.map((item: unknown) => write(node.body, { ...variables, [node.name]: item })).join('');
    }
  }
}

function assign({ name, steps, source }: Reference, value: unknown, variables: Variables): void {
  const path = [name, ...steps.map((step) => (step.kind === 'property' ? step.name : refuse(`#set(${source}) is no plain name`)))];
  let inside: Variables = variables;
  for (const key of path.slice(0, -1)) inside = (inside[key] ??= {}) as Variables;
  inside[path.at(-1)!] = value;
}

function evaluate(expression: Expression, variables: Variables): unknown {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' && expression.value.includes('$') ? render(expression.value, variables) : expression.value;
    case 'list':
      return expression.items.map((item) => evaluate(item, variables));
    case 'not':
      return !isTrue(evaluate(expression.of, variables));
    case 'binary':
      return operate(expression.operator, () => evaluate(expression.left, variables), () => evaluate(expression.right, variables));
    case 'reference':
      return follow(expression, variables);
  }
}

function follow({ name, steps, source }: Reference, variables: Variables): unknown {
  let value = ownProperty(variables, name);
  for (const step of steps) {
    if (value === undefined || value === null) return undefined;
    if (step.kind === 'property') value = ownProperty(value, step.name);
    else if (step.kind === 'index') value = ownProperty(value, String(evaluate(step.index, variables)));
    else value = call(value, step.name, step.arguments.map((argument) => evaluate(argument, variables)), source);
  }
  return value;
}

function ownProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function call(value: unknown, name: string, given: readonly unknown[], source: string): unknown {
  const own = ownProperty(value, name);
  if (typeof own === 'function') return (own as (...values: readonly unknown[]) => unknown)(...given);
  const method = methods[name];
  return method === undefined ? refuse(`the laptop knows no method ${name} (${source})`) : method(value, ...given);
}

/** The methods of texts, lists and maps that templates use. */
const methods: Readonly<Record<string, (value: unknown, ...given: readonly unknown[]) => unknown>> = {
  get: (value, key) => ownProperty(value, String(key)) ?? (isMap(value) ? '' : undefined),
  containsKey: (value, key) => ownProperty(value, String(key)) !== undefined,
  keySet: (value) => Object.keys((value ?? {}) as object),
  values: (value) => Object.values((value ?? {}) as object),
  size: (value) => Object.keys((value ?? {}) as object).length,
  isEmpty: (value) => (typeof value === 'string' ? value === '' : Object.keys((value ?? {}) as object).length === 0),
  equals: (value, other) => value === other,
  matches: (value, pattern) => new RegExp(`^(?:${String(pattern)})$`).test(String(value)),
  contains: (value, part) => (Array.isArray(value) ? value.includes(part) : String(value).includes(String(part))),
  startsWith: (value, part) => String(value).startsWith(String(part)),
  endsWith: (value, part) => String(value).endsWith(String(part)),
  length: (value) => String(value).length,
  split: (value, pattern) => String(value).split(new RegExp(String(pattern))),
  replaceAll: (value, pattern, by) => String(value).replaceAll(new RegExp(String(pattern), 'g'), String(by)),
  substring: (value, from, to) => String(value).substring(Number(from), to === undefined ? undefined : Number(to)),
  toLowerCase: (value) => String(value).toLowerCase(),
  toUpperCase: (value) => String(value).toUpperCase(),
  toString: (value: unknown) => textOf(value),
  trim: (value) => String(value).trim(),
};

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function operate(operator: string, left: () => unknown, right: () => unknown): unknown {
  switch (operator) {
    case '||':
      return isTrue(left()) || isTrue(right());
    case '&&':
      return isTrue(left()) && isTrue(right());
    case '==':
      return left() === right();
    case '!=':
      return left() !== right();
    case '+':
      return add(left(), right());
    default: {
      const [a, b] = [Number(left()), Number(right())];
      return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[operator];
    }
  }
}

function add(left: unknown, right: unknown): unknown {
  return typeof left === 'number' && typeof right === 'number' ? left + right : textOf(left) + textOf(right);
}

function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '';
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function refuse(why: string): never {
  throw new Error(`The mapping template cannot be filled in: ${why}.`);
}
