import { Worker } from 'node:worker_threads';
import { Shard } from './shard.ts';
import { blockRows } from './shared.ts';
import type { ShardCommand, ShardRange, SharedState } from './shared.ts';

/** All shards of a training: the first on this thread, each other one on a worker of its own. */
export class ShardPool {
  private readonly own: Shard;
  private readonly others: readonly WorkerShard[];

  /** Starts `state.shards - 1` workers. */
  constructor(state: SharedState) {
    const [first, ...rest] = shardRanges(state);
    this.own = new Shard(state, first as ShardRange);
    this.others = rest.map((range) => new WorkerShard(state, range));
  }

  /** Has every shard obey the command; resolves when all are done. */
  async run(command: ShardCommand): Promise<void> {
    const others = Promise.all(this.others.map((shard) => shard.run(command)));
    // Handled below; a failure that comes while this thread works must not end the process.
    others.catch(() => undefined);
    this.own.run(command);
    await others;
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await Promise.all(this.others.map((shard) => shard.close()));
  }
}

/** A shard on a thread of its own: one command at a time, answered by one message. */
class WorkerShard {
  private readonly worker: Worker;
  private pending: { readonly done: () => void; readonly fail: (error: Error) => void } | undefined;
  private failure: Error | undefined;

  constructor(state: SharedState, range: ShardRange) {
    // The compiled trainer lies beside a compiled worker.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: { state, range } });
    this.worker.on('message', () => {
      this.pending?.done();
    });
    this.worker.on('error', (error) => {
      this.fail(new Error(`A thread of the trainer failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }));
    });
    this.worker.on('exit', (code) => {
      this.fail(new Error(`A thread of the trainer ended with code ${String(code)} before its work was done.`));
    });
  }

  run(command: ShardCommand): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((done, fail) => {
      this.pending = { done, fail };
      this.worker.postMessage(command);
    });
  }

  async close(): Promise<void> {
    this.pending = undefined;
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.pending?.fail(this.failure);
  }
}

/** Shares the rows out evenly, on borders of blocks. */
function shardRanges(state: SharedState): ShardRange[] {
  const border = (rows: number, shard: number): number =>
    shard === state.shards ? rows : Math.min(rows, Math.floor((Math.ceil(rows / blockRows) * shard) / state.shards) * blockRows);
  const validationRows = state.validation?.rows ?? 0;
  return Array.from({ length: state.shards }, (_, shard) => ({
    shard,
    trainStart: border(state.train.rows, shard),
    trainEnd: border(state.train.rows, shard + 1),
    validationStart: border(validationRows, shard),
    validationEnd: border(validationRows, shard + 1),
  }));
}
