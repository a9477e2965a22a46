import type { FunctionHost, FunctionSpec, InitialisationType } from './function-spec.ts';
import type { Outcome } from './outcome.ts';
import { Sandbox } from './sandbox.ts';
import type { Invocation } from './sandbox.ts';

/** How a function's processes are kept. */
export interface PoolLimits {
  /** A process that had nothing to do for so long ends. @default 20000 */
  readonly idleMilliseconds?: number;
  /** How many processes one function may have where it reserves no concurrency; further calls wait. @default 10 */
  readonly processes?: number;
}

const defaults = { idleMilliseconds: 20_000, processes: 10 };

/** As on AWS, no process lives for long: its role's session keys are over in time. */
const longestLifeMilliseconds = 3_600_000;

/** All concurrency that the function reserves is in use. */
export class ConcurrencyExceeded extends Error {
  override readonly name = 'ConcurrencyExceeded';
}

/** The processes of one function: warm ones are used again, more are started when all are busy. */
export class FunctionPool {
  readonly spec: FunctionSpec;
  readonly #host: FunctionHost;
  readonly #idleMilliseconds: number;
  readonly #limit: number;
  /** How many processes are kept, whether or not there are calls. */
  #provisioned = 0;
  readonly #sandboxes = new Set<Sandbox>();
  readonly #idle: { readonly sandbox: Sandbox; readonly reaper: NodeJS.Timeout }[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Processes that have answered, but not yet asked for more. */
  #returning = 0;
  #starting = 0;
  #retired = false;
  readonly #calls = new Set<Promise<Outcome>>();
  readonly #closing = new AbortController();

  constructor(spec: FunctionSpec, host: FunctionHost, limits: PoolLimits = {}) {
    this.spec = spec;
    this.#host = host;
    this.#idleMilliseconds = limits.idleMilliseconds ?? defaults.idleMilliseconds;
    this.#limit = spec.reservedConcurrency ?? limits.processes ?? defaults.processes;
  }

  /**
   * Runs the function once.
   * @throws {ConcurrencyExceeded} when the function's reserved concurrency is in use
   */
  invoke(invocation: Invocation): Promise<Outcome> {
    const call = this.#run(invocation);
    const done = () => this.#calls.delete(call);
    this.#calls.add(call);
    call.then(done, done);
    return call;
  }

  /**
   * Keeps so many processes initialised from now on; more come on demand.
   * @returns whether they are
   */
  async provision(count: number): Promise<boolean> {
    this.#provisioned = count;
    const missing = Math.max(0, Math.min(count, this.#limit) - this.#sandboxes.size - this.#starting);
    const started = await Promise.allSettled(Array.from({ length: missing }, () => this.#startWarm()));
    return started.every((start) => start.status === 'fulfilled' && start.value);
  }

  async #startWarm(): Promise<boolean> {
    const sandbox = await this.#start('provisioned-concurrency');
    // Counted like one that has answered: a call that comes meanwhile waits for it.
    this.#returning += 1;
    const isReady = await sandbox.prepare();
    await this.#release(sandbox);
    return isReady;
  }

  /** Ends idle processes now and the others after the calls that were made already; resolves when all are gone. */
  async retire(): Promise<void> {
    this.#retired = true;
    for (const { sandbox, reaper } of this.#idle.splice(0)) {
      clearTimeout(reaper);
      sandbox.stop();
    }
    // Until its process runs, a call is the only sign that there will be one.
    await Promise.allSettled(this.#calls);
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.stopped()));
  }

  /** Ends all processes at once; resolves when they are gone. Calls that have no process yet fail. */
  async close(): Promise<void> {
    this.#closing.abort(new Error(`The function ${this.spec.name} is closed.`));
    for (const wake of this.#waiting.splice(0)) wake();
    for (const sandbox of this.#sandboxes) sandbox.stop();
    await this.retire();
  }

  async #run(invocation: Invocation): Promise<Outcome> {
    const sandbox = await this.#acquire();
    this.#closing.signal.throwIfAborted();
    const outcome = await sandbox.invoke(invocation);
    this.#returning += 1;
    void this.#release(sandbox);
    return outcome;
  }

  async #acquire(): Promise<Sandbox> {
    for (;;) {
      this.#closing.signal.throwIfAborted();
      const idle = this.#idle.pop();
      if (idle !== undefined) {
        clearTimeout(idle.reaper);
        if (idle.sandbox.usable) return idle.sandbox;
      } else if (this.#returning <= this.#waiting.length && this.#sandboxes.size + this.#starting < this.#limit) {
        return await this.#start();
      } else if (this.#returning === 0 && this.spec.reservedConcurrency !== undefined) {
        throw new ConcurrencyExceeded();
      } else {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
  }

  async #start(type: InitialisationType = 'on-demand'): Promise<Sandbox> {
    this.#starting += 1;
    try {
      const sandbox = await Sandbox.start(this.spec, this.#host, this.#closing.signal, type);
      if (this.#closing.signal.aborted) sandbox.stop();
      this.#sandboxes.add(sandbox);
      void sandbox.stopped().then(() => {
        this.#sandboxes.delete(sandbox);
        this.#waiting.shift()?.();
        this.#replenish(sandbox);
      });
      return sandbox;
    } catch (error) {
      this.#waiting.shift()?.();
      throw error;
    } finally {
      this.#starting -= 1;
    }
  }

  /** Another one for a provisioned process that ended, but not for one that could not even start. */
  #replenish({ isPrepared }: Sandbox): void {
    if (!isPrepared || this.#retired || this.#closing.signal.aborted || this.#sandboxes.size >= this.#provisioned) return;
    void this.provision(this.#provisioned);
  }

  async #release(sandbox: Sandbox): Promise<void> {
    const ready = await sandbox.ready();
    this.#returning -= 1;
    if (!ready) return;
    if (this.#retired || performance.now() - sandbox.startedAt > longestLifeMilliseconds) {
      sandbox.stop();
      return;
    }
    this.#rest(sandbox);
    this.#waiting.shift()?.();
  }

  /** Keeps a process for the next call: for a while, or for as long as it is one of those provisioned. */
  #rest(sandbox: Sandbox): void {
    const reaper = setTimeout(() => {
      this.#idle.splice(this.#idle.findIndex((idle) => idle.sandbox === sandbox), 1);
      if (this.#sandboxes.size > this.#provisioned) sandbox.stop();
      else this.#rest(sandbox);
    }, this.#idleMilliseconds);
    reaper.unref();
    this.#idle.push({ sandbox, reaper });
  }
}
