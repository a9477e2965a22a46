import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../../model/metrics/spread.ts';
import { openModel } from '../../model/serving/loaded-model.ts';
import { parseRow } from '../../model/serving/request.ts';
import { servingRows } from './model.ts';

/** Serving in a process of its own, so that its memory is its own. Reads the model's folder, prints its figures. */
const [folder = '', seed = ''] = process.argv.slice(2);
const seedOfRows = Number(seed);
const calls = { one: 20_000, batch: 400 };
const microseconds = (times: number[], share: number): number => Number((1000 * quantile(times.sort((a, b) => a - b), share)).toFixed(2));

const startedAt = performance.now();
const model = await openModel(folder);
const openMs = Number((performance.now() - startedAt).toFixed(1));
const rssAfterOpenMb = Math.round(process.memoryUsage.rss() / 2 ** 20);

const count = 1_000;
const lists = servingRows(count, seedOfRows).map((row) => [...row]);
const names = model.schema.columns.map(({ name }) => name);
const objects = lists.map((list) => Object.fromEntries(list.map((value, index) => [names[index]!, value])));

/** As a request is served: from the parsed JSON to the answer, each row another one. */
async function oneRow(inputs: readonly unknown[]): Promise<{ p50Us: number; p99Us: number }> {
  const times: number[] = [];
  for (let call = -2_000; call < calls.one; call++) {
    const input = inputs[(call + 2_000) % count];
    const before = performance.now();
    await model.predict([parseRow(input, model.schema)]);
    if (call >= 0) times.push(performance.now() - before);
  }
  return { p50Us: microseconds(times, 0.5), p99Us: microseconds(times, 0.99) };
}

async function batch(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let call = -50; call < calls.batch; call++) {
    const before = performance.now();
    await work();
    if (call >= 0) times.push(performance.now() - before);
  }
  return microseconds(times, 0.5);
}

const object = await oneRow(objects);
const list = await oneRow(lists);
const rows = lists.map((values) => parseRow(values, model.schema));
const checkedRowsUs = await batch(() => model.predict(rows));
const inputs = Object.fromEntries(names.map((name, feature) => [name, Float32Array.from(lists, (values) => values[feature]!)]));
const numbersUs = await batch(() => model.predictColumns(inputs, count));
const rssUnderLoadMb = Math.round(process.memoryUsage.rss() / 2 ** 20);

const many = Array.from({ length: 100_000 }, (_, index) => rows[index % count]!);
await wait(50);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const before = performance.now();
await model.predict(many);
const seconds = (performance.now() - before) / 1000;
delay.disable();

console.log(JSON.stringify({
  engine: model.engine.name,
  openMs,
  oneRow: { object, list },
  thousandRows: { checkedRowsUs, numbersUs },
  // The histogram counts from one timer to the next, of which the timer itself waits a millisecond.
  hundredThousandRows: { seconds: Number(seconds.toFixed(3)), loopDelayMs: { p99: Number((delay.percentile(99) / 1e6).toFixed(2)), max: Number((delay.max / 1e6).toFixed(2)) } },
  rssMb: { afterOpen: rssAfterOpenMb, underLoad: rssUnderLoadMb },
}));
await model.close();
