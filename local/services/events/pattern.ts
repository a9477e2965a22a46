type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether an event fits an event pattern of EventBridge.
 * @param pattern a pattern that `checkPattern` accepted
 * @param event the event, or a part of it
 */
export function matchesPattern(pattern: Fields, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((item) => matchesPattern(pattern, item));
  const fields = typeof event === 'object' && event !== null ? (event as Fields) : {};
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or') return (expected as Fields[]).some((alternative) => matchesPattern(alternative, event));
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return Array.isArray(expected) ? matchesAny(expected, value) : matchesPattern(expected as Fields, value);
  });
}

const operators = new Set(['exists', 'prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'numeric', 'anything-but', 'cidr']);

/** @throws when the pattern uses what EventBridge does not know */
export function checkPattern(pattern: Fields): void {
  for (const [key, expected] of Object.entries(pattern)) {
    if (isFields(expected)) checkPattern(expected);
    else if (!Array.isArray(expected)) throw new Error(`The event pattern gives ${JSON.stringify(expected)} for "${key}": expected a list of values, or an object of fields.`);
    else if (key === '$or') for (const alternative of expected) checkPattern(alternative as Fields);
    else for (const condition of expected) checkCondition(condition);
  }
}

function checkCondition(condition: unknown): void {
  const unknown = isFields(condition) ? Object.keys(condition).find((operator) => !operators.has(operator)) : undefined;
  if (unknown !== undefined) throw new Error(`The event pattern uses "${unknown}": expected one of ${[...operators].join(', ')}.`);
}

/** Whether a field's value, or an element of it, fits one of the listed values and conditions. */
function matchesAny(expected: readonly unknown[], value: unknown): boolean {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return expected.some((condition) => (isFields(condition) ? values.some((item) => matchesCondition(condition, item)) : values.includes(condition)));
}

function matchesCondition(condition: Fields, value: unknown): boolean {
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  if (operator === 'exists') return operand === (value !== undefined);
  if (value === undefined) return false;
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && hasAffix(value, operand, (text, part) => text.startsWith(part));
    case 'suffix':
      return typeof value === 'string' && hasAffix(value, operand, (text, part) => text.endsWith(part));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'wildcard':
      return typeof value === 'string' && wildcard(String(operand)).test(value);
    case 'numeric':
      return typeof value === 'number' && compares(operand as readonly unknown[], value);
    case 'anything-but':
      return !isExcluded(operand, value);
    case 'cidr':
      return typeof value === 'string' && inBlock(value, String(operand));
    default:
      return false;
  }
}

function hasAffix(value: string, operand: unknown, test: (text: string, part: string) => boolean): boolean {
  if (!isFields(operand)) return test(value, String(operand));
  return test(value.toLowerCase(), String(operand['equals-ignore-case']).toLowerCase());
}

function isExcluded(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.includes(value);
  if (!isFields(operand)) return operand === value;
  const [[operator, operands] = ['', undefined]] = Object.entries(operand);
  const list: unknown[] = Array.isArray(operands) ? operands : [operands];
  return list.some((item) => matchesCondition({ [operator]: item }, value));
}

function wildcard(text: string): RegExp {
  const source = text.replace(/\\(.)|(\*)|([.+?^${}()|[\]])/g, (_, escaped?: string, star?: string, special?: string) => {
    if (star !== undefined) return '.*';
    const literal = escaped ?? special ?? '';
    return /[.+?^${}()|[\]*\\]/.test(literal) ? `\\${literal}` : literal;
  });
  return new RegExp(`^${source}$`, 's');
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]`: every pair of operator and bound holds. */
function compares(terms: readonly unknown[], value: number): boolean {
  for (let index = 0; index < terms.length; index += 2) {
    if (comparisons[String(terms[index])]?.(value, Number(terms[index + 1])) !== true) return false;
  }
  return true;
}

function inBlock(address: string, block: string): boolean {
  const [network = '', bits = '32'] = block.split('/');
  const [a, b] = [toNumber(address), toNumber(network)];
  if (a === undefined || b === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  return parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
