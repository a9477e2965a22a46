import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { adversarialRows } from '../../../model/onnx/adversarial.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import type { GraphRows } from '../../../model/onnx/feature-values.ts';
import { readEnsemble } from '../../../model/onnx/read-ensemble.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { CompiledRunner } from '../../../model/serving/compiled-runner.ts';
import { type GraphInputs, graphInputs } from '../../../model/serving/inputs.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import type { Booster } from '../../../model/xgboost/booster.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { boosters } from '../xgboost/arbitrary.ts';
import { fixture } from '../xgboost/fixtures.ts';

const label = { column: 'label', kind: 'binary' as const };
const codes = [['a', 0], ['b', 1], ['ü \u{1F600}', 2], ['', -3], ['d', 0.1]].map(([text, code]) => [String(text), Math.fround(Number(code))] as const);
const texts = [...codes.map(([text]) => text), 'unseen', 'A', '\0', '\ud800', null];

/** A feature for each of the booster's, each second one a text. */
function featuresOf({ numFeatures, featureNames }: Booster): FittedFeature[] {
  return Array.from({ length: numFeatures }, (_, index) => {
    const name = featureNames[index] ?? `f${String(index)}`;
    return { name, column: name, ...(index % 2 === 1 ? { transform: 'category' as const, encoding: codes } : { transform: 'numeric' as const }) };
  });
}

const schemaOf = (features: readonly FittedFeature[]) => ({
  label, columns: features.map(({ column, encoding }) => ({ name: column, type: encoding === undefined ? ('number' as const) : ('string' as const), nullable: true })),
}) as unknown as ConstructorParameters<typeof CompiledRunner>[1]['schema'];

interface Opened {
  readonly compiled: CompiledRunner;
  readonly onnx: OnnxModel;
}

async function withBoth(booster: Booster, features: readonly FittedFeature[], work: (opened: Opened) => Promise<void>): Promise<void> {
  const bytes = toOnnx(booster, features);
  const onnx = await OnnxModel.load(bytes);
  try {
    await work({ compiled: new CompiledRunner(readEnsemble(bytes), { features, schema: schemaOf(features) }), onnx });
  } finally {
    await onnx.close();
  }
}

const bitsOf = (values: Float32Array): number[] => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

async function expectEqual({ compiled, onnx }: Opened, { inputs, rows }: GraphRows): Promise<void> {
  const [own, theirs] = [await compiled.runAll(inputs as GraphInputs, rows), await onnx.runAll(inputs, rows)];
  expect(own.columns).toBe(theirs.columns);
  expect(bitsOf(own.values)).toEqual(bitsOf(theirs.values));
}

describe('compiled trees answer as ONNX Runtime, to the bit', () => {
  const value = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -4, max: 4 }), fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(Infinity, -Infinity, -0));

  it('whatever the trees and the rows', async () => {
    const cases = boosters.chain((booster) => fc.tuple(fc.constant(booster), fc.array(fc.tuple(fc.array(value, { minLength: 4, maxLength: 4 }), fc.array(fc.constantFrom(...texts), { minLength: 4, maxLength: 4 })), { minLength: 1, maxLength: 90 })));
    await fc.assert(
      fc.asyncProperty(cases, async ([booster, rows]) => {
        const features = featuresOf(booster);
        await withBoth(booster, features, async (opened) => {
          const parsed = rows.map(([numbers, words]) => features.map(({ encoding }, index) => (encoding === undefined ? numbers[index]! : words[index]!)));
          // As serving sends them: a text that the encoding does not hold goes as one that stands for "missing", since the runtime cuts some texts short.
          const given = { rows: rows.length, inputs: graphInputs(parsed, features, servingSchema(schemaOf(features))) };
          await expectEqual(opened, given);
          expect(bitsOf(opened.compiled.runRows(parsed, 0, parsed.length).values)).toEqual(bitsOf((await opened.onnx.runAll(given.inputs, given.rows)).values));
          await expectEqual(opened, adversarialRows(booster, features, 100));
        });
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it.each(['binary-integers', 'binary-missing', 'multi-softprob', 'regression'] as const)('on trained trees: %s', async (name) => {
    const given = fixture(name);
    const booster = readBooster(given.ubjson);
    const features = given.matrix.columns.map((_, index): FittedFeature => ({ name: booster.featureNames[index] ?? `f${String(index)}`, column: `f${String(index)}`, transform: 'numeric' }));
    await withBoth(booster, features, async (opened) => {
      await expectEqual(opened, adversarialRows(booster, features));
      await expectEqual(opened, { rows: given.matrix.rows, inputs: Object.fromEntries(features.map((feature, index) => [feature.name, given.matrix.columns[index]!])) });
    });
  });

  it('and a row answers the same whatever rows come with it', async () => {
    const given = fixture('multi-softprob');
    const booster = readBooster(given.ubjson);
    const features = given.matrix.columns.map((_, index): FittedFeature => ({ name: booster.featureNames[index] ?? `f${String(index)}`, column: `f${String(index)}`, transform: 'numeric' }));
    await withBoth(booster, features, async ({ compiled }) => {
      const rows = Array.from({ length: given.matrix.rows }, (_, row) => given.matrix.columns.map((column) => column[row]!));
      const all = compiled.runRows(rows, 0, rows.length);
      for (const size of [1, 7, 8, 9, 63, 64, 65]) {
        const parts: number[] = [];
        for (let from = 0; from < rows.length; from += size) parts.push(...bitsOf(compiled.runRows(rows, from, Math.min(rows.length, from + size)).values));
        expect(parts).toEqual(bitsOf(all.values));
      }
    });
  });
});
