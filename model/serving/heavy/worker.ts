import { parentPort } from 'node:worker_threads';
import { answer } from '../http/answer.ts';
import type { Observation } from '../http/call.ts';
import { type Served, versionOf } from '../live-models.ts';
import { LoadedModel } from '../loaded-model.ts';
import { openRunner } from '../open-runner.ts';
import type { ModelSource } from '../model-source.ts';
import type { HeavyReplyMessage, HeavyRequestMessage, LiveModelMessage } from './messages.ts';

/** Opened once each; a promise, since requests come while a model is opened. */
let models: ReadonlyMap<number, Promise<LoadedModel>> = new Map();
const underWay = new Set<Promise<void>>();

async function opened({ onnx, description }: ModelSource): Promise<LoadedModel> {
  return new LoadedModel(description, await openRunner(new Uint8Array(onnx).slice(), description));
}

/** Takes over the models that are live now, and lets the others go once those who may still predict with them are done. */
function adopt(live: readonly LiveModelMessage[]): void {
  const next = new Map<number, Promise<LoadedModel>>();
  for (const { key, source } of live) next.set(key, source === undefined ? models.get(key)! : opened(source));
  const earlier = Promise.all(underWay);
  for (const [key, model] of models) {
    // One that could not be opened has nothing to close; who asked for it was told.
    if (!next.has(key)) void earlier.then(() => model).then((old) => old.close(), () => undefined);
  }
  models = next;
}

async function reply({ id, request, live, chosen, maximumRows }: HeavyRequestMessage): Promise<HeavyReplyMessage & { readonly response: { readonly body: Uint8Array<ArrayBuffer> } }> {
  adopt(live);
  const known = models;
  const all = async (): Promise<Served[]> => Promise.all(live.map(async ({ key, identity, role }) => ({ identity, role, model: await known.get(key)! })));
  let observation: Observation | undefined;
  let failure: unknown;
  const { body, ...rest } = request;
  const response = await answer(
    { ...rest, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) },
    {
      all,
      choose: async (version) => (version === undefined ? (await all())[chosen]! : versionOf(await all(), version)),
      maximumRows,
      observe: (answered) => (observation = answered),
      onFailure: (error) => (failure = error),
    },
  );
  if (observation === undefined) throw new Error('The request was not observed.');
  const { request: _request, response: _response, ...told } = observation;
  // As bytes, which change hands without being copied: the other thread has nothing left to do.
  return { id, response: { ...response, body: bytesOf(response.body) }, observation: told, ...(failure === undefined ? {} : { failure }) };
}

function bytesOf(body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(body) : Uint8Array.from(body);
}

parentPort?.on('message', (message: HeavyRequestMessage) => {
  // What fails here ends the thread, and all that wait on it are told.
  const answering = reply(message).then((answered) => {
    underWay.delete(answering);
    parentPort?.postMessage(answered, [answered.response.body.buffer]);
  });
  underWay.add(answering);
});
