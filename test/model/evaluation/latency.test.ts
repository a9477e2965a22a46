import { describe, expect, it } from 'vitest';
import { measureLatency } from '../../../model/evaluation/latency.ts';

/** A clock that goes on while the model predicts. */
function predictor(ms: (call: number) => number) {
  let [now, calls] = [0, 0];
  const asked: { rows: number; x: number[]; text: (string | null)[] }[] = [];
  return {
    asked,
    clock: () => now,
    predict: (columns: Readonly<Record<string, ArrayLike<number> | readonly (string | null)[]>>, rows: number) => {
      asked.push({ rows, x: Array.from(columns['x'] as ArrayLike<number>), text: [...(columns['text'] as string[])] });
      now += ms(calls++) * Math.sqrt(rows);
      return Promise.resolve();
    },
  };
}
const columns = { x: Float64Array.from({ length: 2500 }, (_, row) => row), text: Array.from({ length: 2500 }, (_, row) => `t${String(row)}`) };

describe('measureLatency', () => {
  it('gives the median and the 99th percentile of single rows, and what batches reach', async () => {
    const { predict, clock, asked } = predictor((call) => (call % 50 === 49 ? 5 : 0.1));
    const found = (await measureLatency({ machine: 'here', rows: 2500, columns, predict, clock }))!;
    expect(found.machine).toBe('here');
    expect(found.singleRow).toEqual({ calls: 500, p50Ms: expect.closeTo(0.1, 9) as number, p99Ms: expect.closeTo(5, 9) as number });
    expect(found.batch.rows).toBe(1000);
    expect(found.batch.rowsPerSecond).toBeGreaterThan(1000);
    // Warm-up calls are not counted, and each call has another row, whole.
    const single = asked.filter(({ rows }) => rows === 1);
    expect(single).toHaveLength(520);
    expect(new Set(single.slice(20).map(({ x }) => x[0])).size).toBe(500);
    for (const { x, text } of single) expect(text).toEqual([`t${String(x[0])}`]);
  });

  it('ends in time with a slow model', async () => {
    const { predict, clock } = predictor(() => 300);
    const found = (await measureLatency({ machine: 'here', rows: 2500, columns, predict, clock }))!;
    expect(found.singleRow).toMatchObject({ calls: 2, p50Ms: 300 });
    expect(found.batch.calls).toBe(1);
  });

  it('takes the rows that there are', async () => {
    const { predict, clock } = predictor(() => 1);
    expect((await measureLatency({ machine: 'here', rows: 3, columns, predict, clock }))!.batch.rows).toBe(3);
    expect(await measureLatency({ machine: 'here', rows: 0, columns, predict, clock })).toBeUndefined();
  });
});
