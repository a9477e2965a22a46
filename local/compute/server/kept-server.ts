import { setTimeout as delay } from 'node:timers/promises';
import { ServerProcess } from './server-process.ts';
import type { ServerOptions } from './server-process.ts';

/** How long a program that ends again and again is left alone before its next start. */
const longestPauseMilliseconds = 10_000;
const firstPauseMilliseconds = 100;

/** A server that is started anew whenever it ends, as SageMaker does with a container. */
export class KeptServer {
  readonly #options: ServerOptions;
  readonly #closing = new AbortController();
  #current: ServerProcess;
  #up = false;
  readonly #kept: Promise<void>;

  /**
   * Starts a server and waits until it is up: one that never was is not started again.
   * @throws {ServerStartError} when it did not come up
   */
  static async start(options: ServerOptions, signal?: AbortSignal): Promise<KeptServer> {
    const first = await ServerProcess.start(options);
    const abandon = (): void => first.kill();
    signal?.addEventListener('abort', abandon, { once: true });
    if (signal?.aborted) abandon();
    try {
      await first.ready;
    } catch (error) {
      first.kill();
      await first.exited;
      throw error;
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
    return new KeptServer(options, first);
  }

  private constructor(options: ServerOptions, first: ServerProcess) {
    this.#options = options;
    this.#current = first;
    this.#kept = this.#keep();
  }

  /** Where it listens now, or undefined while it is down. */
  get port(): number | undefined {
    return this.#up && this.#current.running ? this.#current.port : undefined;
  }

  /** The process now. */
  get pid(): number {
    return this.#current.pid;
  }

  /** Asks it to end, and ends it once the grace is over. Resolves when no process is left. */
  async stop(graceMilliseconds: number): Promise<void> {
    this.#closing.abort();
    await this.#current.stop(graceMilliseconds);
    await this.#kept;
  }

  /** Ends it at once. Resolves when no process is left. */
  async kill(): Promise<void> {
    this.#closing.abort();
    this.#current.kill();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closing;
    let pause = firstPauseMilliseconds;
    this.#up = true;
    for (;;) {
      const exit = await this.#current.exited;
      this.#up = false;
      if (signal.aborted) return;
      this.#options.line(`The program ended (${exit.code ?? String(exit.signal)}) and is started again.`);
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const next = await ServerProcess.start(this.#options);
      this.#current = next;
      if (signal.aborted) next.kill();
      this.#up = await next.ready.then(() => true, () => false);
      if (!this.#up) next.kill();
      pause = this.#up ? firstPauseMilliseconds : Math.min(2 * pause, longestPauseMilliseconds);
    }
  }
}
