import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel, type Attribute } from '../../../model/onnx/proto.ts';
import { exp, multiplyAdd, sigmoid, softmax } from '../../../model/trees/float32.ts';

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** What ONNX Runtime's operator answers for rows of so many values. */
async function operator(name: string, values: Float32Array, columns: number, attributes: Readonly<Record<string, Attribute>> = {}): Promise<Float32Array> {
  const tensor = (called: string) => ({ name: called, type: 'float' as const, dimensions: ['rows', columns] });
  const graph = { name: 'one', nodes: [{ name: 'one', operator: name, inputs: ['x'], outputs: ['y'], attributes }], initializers: [], inputs: [tensor('x')], outputs: [tensor('y')] };
  const session = await InferenceSession.create(encodeModel({ irVersion: 8, producerName: 'test', producerVersion: '1', opsets: { '': 15 }, metadata: {}, graph }), { intraOpNumThreads: 1 });
  try {
    return (await session.run({ x: new Tensor('float32', values, [values.length / columns, columns]) }))['y']!.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** Numbers of every size, the same in each run. */
function numbers(length: number, largest: number): Float32Array {
  let state = 7;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296 - 0.5;
  const edges = [0, -0, 18, -18, 17.999999, -17.999999, 1e-30, -1e-30, 1e-45, 103.97208, -103.97208, -103.97209, 88.72283, 88.72284, -87.33655, -88.37626];
  return Float32Array.from({ length }, (_, index) => edges[index] ?? (index % 3 === 0 ? next() * 2 : next() * 2 * largest) * (index % 7 === 0 ? 1e-6 : 1));
}

describe('as ONNX Runtime, to the bit', () => {
  it('the sigmoid', async () => {
    const values = numbers(500_000, 25);
    expect(Buffer.compare(Buffer.from(bitsOf(Float32Array.from(values, sigmoid)).buffer), Buffer.from((await operator('Sigmoid', values, 1)).slice().buffer))).toBe(0);
  });

  it('the exponential', async () => {
    const values = numbers(500_000, 110);
    expect(Buffer.compare(Buffer.from(bitsOf(Float32Array.from(values, exp)).buffer), Buffer.from((await operator('Exp', values, 1)).slice().buffer))).toBe(0);
  });

  // Beyond eight classes processors differ in how many lanes they add up, and this is the widest one's order.
  const isWide = process.arch === 'x64' && /\bavx512f\b/.test(cpuInfo());
  it.each([2, 3, 5, 8, ...(isWide ? [9, 16, 17, 33, 100] : [])])('the softmax of %i classes', async (classes) => {
    const values = numbers(classes * 5_000, 30);
    const own = values.slice();
    for (let row = 0; row < 5_000; row++) softmax(own, row * classes, classes);
    expect(bitsOf(own)).toEqual(bitsOf((await operator('Softmax', values, classes, { axis: { int: 1 } })).slice()));
  });
});

it('multiplies and adds with one rounding', () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 30), max: 2 ** 30 });
  fc.assert(fc.property(float, float, float, (a, b, c) => {
      expect(multiplyAdd(a, b, c)).toBe(exactly(a, b, c));
    }), { numRuns: 5_000 });
  // A sum that a double rounds to halfway between two float32, from either side.
  const [one, tiny] = [1 + 2 ** -23, 2 ** -80];
  expect(multiplyAdd(one, 2 ** -24, 1 + tiny)).toBe(Math.fround(1 + 2 ** -23));
  expect(multiplyAdd(-tiny, 1, Math.fround(1 + 2 ** -23))).toBe(Math.fround(1 + 2 ** -23));
  expect(multiplyAdd(Math.fround(1 - 2 ** -24), 2 ** -24, 1)).toBe(1);
  expect(multiplyAdd(-one, 2 ** -24, -1)).toBe(-Math.fround(1 + 2 ** -23));
});

/** By whole numbers: a float32 is one of them times 2^-149. */
function exactly(a: number, b: number, c: number): number {
  const unit = 149n;
  const whole = (value: number): bigint => {
    let [mantissa, exponent] = [value, 0n];
    while (!Number.isInteger(mantissa)) [mantissa, exponent] = [mantissa * 2, exponent + 1n];
    return BigInt(mantissa) << (unit - exponent);
  };
  const sum = whole(a) * whole(b) + (whole(c) << unit);
  if (sum === 0n) return a * b + c;
  const size = sum < 0n ? -sum : sum;
  const bits = size.toString(2).length;
  // The lowest bit that float32 keeps, of 24 or at 2^-149.
  const shift = BigInt(Math.max(bits - 24, Number(unit)));
  const [kept, rest, half] = [size >> shift, size & ((1n << shift) - 1n), 1n << (shift - 1n)];
  const rounded = rest > half || (rest === half && kept % 2n === 1n) ? kept + 1n : kept;
  return Number(rounded) * 2 ** (Number(shift) - 298) * (sum < 0n ? -1 : 1);
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
