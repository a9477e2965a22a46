import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exampleRow } from '../../../../model/serving/openapi/example.ts';
import { rowSchema } from '../../../../model/serving/openapi/json-schema.ts';
import { parseRow } from '../../../../model/serving/request.ts';
import { servingSchema } from '../../../../model/serving/schema.ts';
import type { ColumnSpec } from '../../../../model/spec/dataset.ts';
import { RequestError } from '../../../../model/serving/errors.ts';

const bound = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { nil: undefined });
const bounds = fc.tuple(bound, bound).map(([a, b]) => (a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]) as [number | undefined, number | undefined]);
const categories = fc.option(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), { nil: undefined });
const column: fc.Arbitrary<Omit<ColumnSpec, 'name'>> = fc.oneof(
  fc.record({ type: fc.constantFrom('number' as const, 'integer' as const), nullable: fc.boolean(), bounds }).map(({ type, nullable, bounds: [minimum, maximum] }) => {
    const [low, high] = type === 'integer' ? [minimum === undefined ? undefined : Math.floor(minimum), maximum === undefined ? undefined : Math.ceil(maximum)] : [minimum, maximum];
    return { type, nullable, ...(low === undefined ? {} : { minimum: low }), ...(high === undefined ? {} : { maximum: high }) };
  }),
  fc.record({ type: fc.constant('string' as const), nullable: fc.boolean(), categories }).map(({ categories: allowed, ...rest }) => ({ ...rest, ...(allowed === undefined ? {} : { categories: allowed }) })),
  fc.record({ type: fc.constantFrom('boolean' as const, 'timestamp' as const), nullable: fc.boolean() }),
);
const columns = fc.array(column, { minLength: 1, maxLength: 4 }).map((list) => list.map((one, index): ColumnSpec => ({ ...one, name: `c${String(index)}` })));

const value = fc.oneof(fc.jsonValue({ depthSize: 'xsmall' }), fc.double({ noNaN: true }), fc.integer({ min: -20, max: 20 }), fc.constantFrom('2026-03-07T14:05:00', '2026-03-07', '2026-13-07', '2026-03-07T14:05:00Z', 1e39, -1e39, 2 ** 53, 2 ** 53 - 1, true, null, ''));

const labelled = (specs: readonly ColumnSpec[]) => ({ columns: [...specs, { name: 'y', type: 'number' as const, nullable: true }], label: { column: 'y', kind: 'number' as const, name: 'y' } });

function isTaken(row: unknown, schema: ReturnType<typeof servingSchema>): boolean {
  try {
    parseRow(row, schema);
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}

it('a schema takes exactly the rows that the check takes', () => {
  const rows = fc.array(fc.tuple(fc.array(value, { minLength: 1, maxLength: 5 }), fc.boolean()), { minLength: 10, maxLength: 40 });
  fc.assert(
    fc.property(columns, rows, (specs, several) => {
      const schema = servingSchema(labelled(specs));
      const validate = new Ajv2020({ strict: false }).compile(rowSchema(schema));
      for (const [values, isList] of several) {
        const row = JSON.parse(JSON.stringify(isList ? values : Object.fromEntries(values.map((one, index) => [`c${String(index)}`, one])))) as unknown;
        expect(validate(row), JSON.stringify(row)).toBe(isTaken(row, schema));
      }
    }),
    { numRuns: 40 },
  );
});

it('the example row is one that the check takes', () => {
  fc.assert(
    fc.property(columns, (specs) => {
      // No whole number lies between some bounds: such a column takes nothing.
      fc.pre(specs.every(({ type, minimum = -Infinity, maximum = Infinity }) => type !== 'integer' || Math.ceil(minimum) <= Math.floor(maximum)));
      const schema = servingSchema(labelled(specs));
      const description = { trainedAt: '2026-11-20T12:00:00.000Z', features: [] } as unknown as Parameters<typeof exampleRow>[0]['description'];
      expect(parseRow(exampleRow({ schema, description }), schema)).toHaveLength(specs.length);
    }),
    { numRuns: 200, examples: [[[{ type: 'number', nullable: false, minimum: 7.4e-323, maximum: 7.4e-323, name: 'c0' }]]] },
  );
});
