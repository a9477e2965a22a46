import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { machineTime } from '../../core/clock.ts';
import { startChild } from '../child.ts';
import type { Child, ChildExit } from '../child.ts';
import { eachLine } from '../lines.ts';
import { commandOf, environmentOf } from './environment.ts';
import type { FunctionHost, FunctionSpec, InitialisationType } from './function-spec.ts';
import { LogTail } from './log-tail.ts';
import { exited, responseTooLarge, timedOut } from './outcome.ts';
import type { Outcome, PlatformError } from './outcome.ts';
import { peakMegabytes } from './peak-memory.ts';
import { bufferSink, relay, streamLimit } from './response-sink.ts';
import type { ResponseSink, StreamedReply } from './response-sink.ts';
import { responseLimit, RuntimeApi } from './runtime-api.ts';
import type { RuntimeReply } from './runtime-api.ts';

/** An event for a function. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** The ARN by which it was called: with a version or an alias, if the caller named one. */
  readonly functionArn: string;
  readonly clientContext?: string;
  /** Takes the answer as it comes. @default - the outcome holds it */
  readonly sink?: ResponseSink;
}

/** Lambda gives a function's initialisation ten seconds before it counts as part of the first invocation. */
const initialisationMilliseconds = 10_000;

type Ending = { readonly reply: RuntimeReply } | { readonly exit: ChildExit } | { readonly timeout: true };

/** One execution environment: a process that runs a function's code, for one invocation at a time. */
export class Sandbox {
  /** Whether it can take another invocation. */
  usable = true;
  /** On the process's own clock, `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #spec: FunctionSpec;
  readonly #host: FunctionHost;
  readonly #api: RuntimeApi;
  readonly #child: Child;
  readonly #temporary: string;
  readonly #tail = new LogTail();
  readonly #drained: Promise<unknown>;
  #requestId: string | undefined;
  #initialised: { readonly milliseconds: number } | undefined;
  #cold = true;
  #hasStarted = false;

  private constructor(spec: FunctionSpec, host: FunctionHost, api: RuntimeApi, initialisationType: InitialisationType) {
    this.#spec = spec;
    this.#host = host;
    this.#api = api;
    mkdirSync(host.temporaryDirectory, { recursive: true });
    this.#temporary = mkdtempSync(path.join(host.temporaryDirectory, `${spec.name}-`));
    const logStream = `${host.clock.now().toISOString().slice(0, 10).replaceAll('-', '/')}/[${spec.version}]${randomBytes(16).toString('hex')}`;
    this.#child = startChild({
      command: commandOf(spec, host),
      directory: spec.codeDirectory,
      environment: environmentOf(spec, host, { runtimeApi: api.address, logStream, temporary: this.#temporary, initialisationType }),
    });
    this.#drained = Promise.all([
      eachLine(this.#child.stdout, (line) => this.#log(line)),
      eachLine(this.#child.stderr, (line) => this.#log(line)),
      eachLine(this.#child.reports, (line) => {
        const { wanted, used } = JSON.parse(line) as { wanted: string; used: string };
        host.substituted(wanted, used);
      }),
    ]);
    void this.#child.exited.then(() => this.#dispose());
  }

  /**
   * Starts a process; its initialisation goes on while this returns.
   * @throws the signal's reason when it is aborted before there is a process
   */
  static async start(spec: FunctionSpec, host: FunctionHost, signal: AbortSignal, initialisationType: InitialisationType = 'on-demand'): Promise<Sandbox> {
    const api = await RuntimeApi.listen();
    try {
      signal.throwIfAborted();
      return new Sandbox(spec, host, api, initialisationType);
    } catch (error) {
      api.close();
      throw error;
    }
  }

  /** Whether its initialisation came to an end, and to a good one. */
  get isPrepared(): boolean {
    return this.#hasStarted;
  }

  /** Waits until the function is initialised, before anyone calls it. @returns whether it is */
  async prepare(): Promise<boolean> {
    if ((await this.#initialise()) !== undefined) this.stop();
    return this.usable;
  }

  /** Runs one invocation to its end. Never rejects: what goes wrong is the outcome. */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { requestId } = invocation;
    this.#requestId = requestId;
    const initialisation = await this.#initialise();
    this.#log(`START RequestId: ${requestId} Version: ${this.#spec.version}`);
    const started = performance.now();
    const result = initialisation === undefined ? await this.#run(invocation) : await this.#describe(initialisation, invocation, 0);
    await nextTick(); // what the function wrote before its answer may still stand in the pipe
    this.#report(requestId, performance.now() - started);
    this.#requestId = undefined;
    if (!this.usable) this.stop();
    return { ...result, logTail: this.#tail.take() };
  }

  /** Waits until the process asks for its next invocation. @returns whether it does */
  async ready(): Promise<boolean> {
    if (!this.usable) return false;
    const ending = await within<boolean>(this.#spec.timeoutSeconds * 1000, [this.#api.polled.then(() => true), this.#child.exited.then(() => false)]);
    if (ending !== true) this.stop();
    return this.usable;
  }

  /** Ends the process at once, with whatever it started. */
  stop(): void {
    this.usable = false;
    this.#child.signal('SIGKILL');
  }

  /** Resolves when the process is gone and its folder removed. */
  async stopped(): Promise<void> {
    await this.#child.exited;
    await this.#drained;
  }

  /** What ended the initialisation, or undefined when the function is ready (or Lambda would wait no longer). */
  async #initialise(): Promise<Ending | undefined> {
    if (this.#initialised !== undefined) return undefined;
    const first = await within<Ending | undefined>(initialisationMilliseconds, [
      this.#api.initialised.then((reply) => (reply === undefined ? undefined : { reply })),
      this.#child.exited.then((exit) => ({ exit })),
    ]);
    this.#initialised = { milliseconds: performance.now() - this.startedAt };
    this.#hasStarted = first === undefined;
    if (first === undefined || 'timeout' in first) return undefined;
    this.usable = false;
    return first;
  }

  async #run(invocation: Invocation): Promise<Omit<Outcome, 'logTail'>> {
    const milliseconds = this.#spec.timeoutSeconds * 1000;
    const started = performance.now();
    const { clock } = this.#host;
    const now = clock.now().getTime();
    const reply = this.#api.invoke({
      ...invocation,
      // On the clock that the function sees; it is ended by the machine's.
      deadline: now + machineTime(clock, milliseconds),
      traceId: `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`,
    });
    const ending = await within<Ending>(milliseconds, [
      reply.then((answer) => ({ reply: answer })),
      // Initialisation may go on into the first invocation, and fail there.
      this.#api.initialised.then((failure) => (failure === undefined ? new Promise<never>(() => undefined) : { reply: failure })),
      this.#child.exited.then((exit) => ({ exit })),
    ]);
    return this.#describe(ending, invocation, milliseconds - (performance.now() - started));
  }

  async #describe(ending: Ending, invocation: Invocation, millisecondsLeft: number): Promise<Omit<Outcome, 'logTail'>> {
    if (!('reply' in ending)) return this.#giveUp(ending, invocation.requestId);
    const { sink } = invocation;
    const { reply } = ending;
    if (reply.kind === 'too-large') return this.#fail(responseTooLarge(reply.bytes), true);
    if (reply.kind === 'stream') return this.#relay(reply, invocation, millisecondsLeft);
    if (reply.kind === 'error') return { payload: reply.payload, functionError: 'Unhandled' };
    if (sink === undefined) return { payload: reply.payload };
    sink.start('application/json');
    await sink.write(reply.payload);
    return { payload: Buffer.alloc(0) };
  }

  /** Passes a streamed answer on until it ends, the process does, or time is up; who has no sink gets it whole. */
  async #relay(reply: StreamedReply, { requestId, sink }: Invocation, millisecondsLeft: number): Promise<Omit<Outcome, 'logTail'>> {
    const whole = bufferSink();
    const limit = sink === undefined ? responseLimit : streamLimit;
    // A body that breaks off is the sign of a process that ends: how it ended says more.
    const relayed = relay(reply, sink ?? whole, limit).catch(() => this.#child.exited.then((exit) => ({ exit })));
    const ending = await within(millisecondsLeft, [relayed]);
    if (!('kind' in ending)) return this.#giveUp(ending, requestId);
    if (ending.kind === 'too-large') return this.#fail(responseTooLarge(ending.bytes, limit), true);
    return ending.kind === 'broken' ? { payload: ending.payload, functionError: 'Unhandled' } : { payload: whole.bytes() };
  }

  async #giveUp(ending: { readonly exit: ChildExit } | { readonly timeout: true }, requestId: string): Promise<Omit<Outcome, 'logTail'>> {
    if ('timeout' in ending) return this.#fail(timedOut(requestId, this.#spec.timeoutSeconds));
    await this.#drained;
    return this.#fail(exited(requestId, ending.exit));
  }

  #fail(error: PlatformError, usable = false): Omit<Outcome, 'logTail'> {
    this.usable &&= usable;
    this.#log(error.errorMessage);
    return { payload: Buffer.from(JSON.stringify(error)), functionError: 'Unhandled' };
  }

  #log(line: string): void {
    this.#tail.add(line);
    this.#host.log(line, this.#requestId);
  }

  #report(requestId: string, milliseconds: number): void {
    const peak = peakMegabytes(this.#child.pid);
    this.#log(`END RequestId: ${requestId}`);
    this.#log(
      [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${milliseconds.toFixed(2)} ms`,
        `Billed Duration: ${Math.ceil(milliseconds)} ms`,
        `Memory Size: ${this.#spec.memoryMegabytes} MB`,
        ...(peak === undefined ? [] : [`Max Memory Used: ${peak} MB`]),
        ...(this.#cold && this.#initialised !== undefined ? [`Init Duration: ${this.#initialised.milliseconds.toFixed(2)} ms`] : []),
      ].join('\t'),
    );
    this.#cold = false;
  }

  #dispose(): void {
    this.usable = false;
    this.#api.close();
    rmSync(this.#temporary, { recursive: true, force: true });
  }
}

/** The first of `endings`, or a timeout. */
async function within<T>(milliseconds: number, endings: readonly Promise<T>[]): Promise<T | { readonly timeout: true }> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<{ readonly timeout: true }>((resolve) => {
    timer = setTimeout(() => resolve({ timeout: true }), milliseconds);
  });
  try {
    return await Promise.race([...endings, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
