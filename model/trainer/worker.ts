import { parentPort, workerData } from 'node:worker_threads';
import { Shard } from './shard.ts';
import type { ShardCommand, ShardRange, SharedState } from './shared.ts';

/** A thread of the trainer: one shard behind a message port. It answers each command with one message when done. */
const { state, range } = workerData as { state: SharedState; range: ShardRange };
const shard = new Shard(state, range);
const port = parentPort;
if (port === null) throw new Error('model/trainer/worker: found no parent port, expected to be started as a worker thread by the trainer.');
port.on('message', (command: ShardCommand) => {
  shard.run(command);
  port.postMessage('done');
});
