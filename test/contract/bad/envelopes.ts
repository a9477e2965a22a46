import type { ContractRequest } from '../target.ts';
import { request, type Row, rows } from '../cases.ts';
import type { Random } from '../random.ts';

/** One of the routes that take JSON rows, around one bad row. */
export interface Envelope {
  readonly path: string;
  readonly field: 'input' | 'inputs' | 'instances';
  /** The body around a row, among good ones where the route takes several. */
  body(row: unknown): Record<string, unknown>;
  /** What a column of that row is called. */
  column(name: string): string;
  /** What the row is called. */
  readonly row: string;
}

export function envelope(random: Random): Envelope {
  const path = random.of(['/predict', '/predict/batch', '/invocations', '/invocations']);
  if (path === '/predict') return { path, field: 'input', body: (row) => ({ input: row }), column: (name) => name, row: 'input' };
  const field = path === '/invocations' ? 'instances' : 'inputs';
  const at = random.below(4);
  const before = Array.from({ length: at }, () => random.of(rows));
  const row = `${field}[${String(at)}]`;
  return { path, field, body: (bad) => ({ [field]: [...before, bad, ...rows.slice(0, 2)] }), column: (name) => `${row}.${name}`, row };
}

export const goodRow = (random: Random): Row => random.of(rows);

/** A JSON body with a value of one column written as it stands, which JSON.stringify would not write. */
export function rawJson(random: Random, column: string, raw: string): { sent: ContractRequest; around: Envelope } {
  const around = envelope(random);
  const marker = '"the value to be replaced"';
  const text = JSON.stringify(around.body({ ...goodRow(random), [column]: JSON.parse(marker) as string })).replace(marker, () => raw);
  return { sent: request('POST', around.path, text, { 'content-type': 'application/json' }), around };
}
