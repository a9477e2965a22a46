import type { ModelOutput } from './answer.ts';
import type { GraphInputs } from './inputs.ts';
import type { Engine, Runner } from './runner.ts';

/** Calls of more rows are batches already. */
const fewRows = 16;
/** Rows of one batch: more would hold up others for longer than they spare. */
const mostRows = 64;

interface Waiting {
  readonly inputs: GraphInputs;
  readonly rows: number;
  readonly done: (output: ModelOutput) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Puts calls of few rows that come at the same time into one call of the runtime, whose cost is its calls: a graph of 30 inputs takes 45 µs for one row and as
 * much for 16 (measured). Nothing waits for others to come: what came in one turn of the event loop goes together.
 */
export class MicroBatches implements Runner {
  readonly engine: Engine;
  private readonly runner: Runner;
  private waiting: Waiting[] = [];

  constructor(runner: Runner) {
    this.engine = { name: 'onnxruntime', ...runner.engine, microBatches: true };
    this.runner = runner;
  }

  runAll(inputs: GraphInputs, rows: number): Promise<ModelOutput> {
    if (rows > fewRows) return this.runner.runAll(inputs, rows);
    return new Promise((done, fail) => {
      // Behind the requests that this turn of the loop has still to read.
      if (this.waiting.push({ inputs, rows, done, fail }) === 1) setImmediate(() => { this.flush(); });
    });
  }

  close(): Promise<void> {
    return this.runner.close();
  }

  private flush(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let from = 0; from < all.length; ) {
      let to = from;
      for (let rows = 0; to < all.length && (to === from || rows + all[to]!.rows <= mostRows); to++) rows += all[to]!.rows;
      void this.run(all.slice(from, to));
      from = to;
    }
  }

  private async run(calls: readonly Waiting[]): Promise<void> {
    try {
      const rows = calls.reduce((sum, call) => sum + call.rows, 0);
      const { values, columns } = await this.runner.runAll(calls.length === 1 ? calls[0]!.inputs : joined(calls), rows);
      let at = 0;
      for (const call of calls) call.done({ values: values.subarray(at, (at += call.rows * columns)), columns });
    } catch (error) {
      for (const call of calls) call.fail(error);
    }
  }
}

function joined(calls: readonly Waiting[]): GraphInputs {
  const inputs = Object.create(null) as Record<string, Float32Array | string[]>;
  for (const [name, first] of Object.entries(calls[0]!.inputs)) {
    if (!(first instanceof Float32Array)) {
      inputs[name] = calls.flatMap((call) => call.inputs[name] as string[]);
      continue;
    }
    const column = new Float32Array(calls.reduce((sum, call) => sum + call.rows, 0));
    let at = 0;
    for (const call of calls) {
      column.set(call.inputs[name] as Float32Array, at);
      at += call.rows;
    }
    inputs[name] = column;
  }
  return inputs;
}
