import { answer } from '../http/answer.ts';
import { maximumBodyBytes } from '../http/body.ts';
import type { ServingPorts } from '../http/call.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Served } from '../live-models.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { HeavyThread } from './heavy-thread.ts';
import type { HeavyReplyMessage } from './messages.ts';

/** How large requests are told from others, and how long their thread stays. */
export interface HeavyRequestsProps {
  /**
   * Bodies of more bytes are answered by a thread of their own. Measured: one of 256 KiB takes about 4 ms from its bytes to its answer.
   * @default 262144
   */
  readonly thresholdBytes?: number;
  /** How long the thread stays without work; its memory is free then. @default 10000 */
  readonly idleMs?: number;
  /** The thread's program. @default - `worker` beside this module, of its ending; `heavy-worker.mjs` beside a bundle */
  readonly program?: URL;
}

const defaults = { thresholdBytes: 262_144, idleMs: 10_000 } as const;

/** A packed body may grow when it is opened: its threshold is so many times lower. */
const packedFactor = 8;

/**
 * Answers requests so that large ones do not hold up others: these go, from their bytes to the bytes of their answer, through a thread of their own, which is
 * started with the first of them and ended when there are none. What they are answered does not differ.
 */
export class HeavyRequests {
  private readonly thresholdBytes: number;
  private readonly idleMs: number;
  private readonly program: URL;
  private readonly keys = new WeakMap<LoadedModel, number>();
  private thread: HeavyThread | undefined;
  private idle: NodeJS.Timeout | undefined;
  private lastKey = 0;
  private lastId = 0;
  private started = 0;
  private ending: (() => void)[] = [];

  constructor(props: HeavyRequestsProps = {}) {
    this.thresholdBytes = props.thresholdBytes ?? defaults.thresholdBytes;
    this.idleMs = props.idleMs ?? defaults.idleMs;
    this.program = props.program ?? besideThis();
  }

  /** Threads that were started so far. */
  get threads(): number {
    return this.started;
  }

  /** Once the thread that there is has ended; at once where there is none. */
  async whenEnded(): Promise<void> {
    if (this.thread !== undefined) await new Promise<void>((resolve) => this.ending.push(resolve));
  }

  /** As `answer`; it never rejects. */
  async answer(request: HttpRequest, ports: ServingPorts): Promise<HttpResponse> {
    const isPacked = request.headers['content-encoding'] !== undefined;
    const threshold = this.thresholdBytes / (isPacked ? packedFactor : 1);
    // What is too large altogether is refused without being read.
    if (request.body.length <= threshold || request.body.length > maximumBodyBytes) return answer(request, ports);
    const startedAt = performance.now();
    const live = await Promise.all([ports.choose(), ports.all()]).catch(() => undefined);
    // Without a model, or with one that is too large to be held twice, it is answered here.
    if (live === undefined || live[1].some(({ model }) => model.source === undefined)) return answer(request, ports);
    let reply: HeavyReplyMessage;
    try {
      reply = await this.ask(request, live[0], live[1], ports.maximumRows);
    } catch (error) {
      return answer(request, { ...ports, choose: () => Promise.reject(error as Error), all: () => Promise.reject(error as Error) });
    }
    if (reply.failure !== undefined) ports.onFailure(reply.failure, request.requestId);
    ports.observe({ ...reply.observation, milliseconds: performance.now() - startedAt, request, response: reply.response });
    return reply.response;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.idle);
    const { thread } = this;
    this.thread = undefined;
    await thread?.close();
    for (const tell of this.ending.splice(0)) tell();
  }

  private async ask(request: HttpRequest, chosen: Served, all: readonly Served[], maximumRows: number): Promise<HeavyReplyMessage> {
    clearTimeout(this.idle);
    if (this.thread?.hasFailed !== false) {
      this.thread = new HeavyThread(this.program);
      this.started++;
    }
    const { thread } = this;
    const live = all.map(({ identity, role, model }) => {
      const key = this.keyOf(model);
      return { key, identity, role, ...(thread.models.has(key) ? {} : { source: model.source! }) };
    });
    thread.models.clear();
    for (const { key } of live) thread.models.add(key);
    this.lastId++;
    try {
      // A new record may have come between the two questions: then the model that was chosen is live no more, and the stable one answers.
      return await thread.ask({ id: this.lastId, request, live, chosen: Math.max(0, all.findIndex(({ model }) => model === chosen.model)), maximumRows });
    } finally {
      if (thread.isIdle) this.idle = setTimeout(() => void this.close(), this.idleMs).unref();
    }
  }

  private keyOf(model: LoadedModel): number {
    const known = this.keys.get(model);
    if (known !== undefined) return known;
    this.keys.set(model, (this.lastKey += 1));
    return this.lastKey;
  }
}

function besideThis(): URL {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.') + 1);
  return new URL(ending === 'mjs' ? './heavy-worker.mjs' : `./worker.${ending}`, import.meta.url);
}
