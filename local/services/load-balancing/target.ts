import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** How a target group sees one of its targets. */
export type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** How targets are asked for their health. */
export interface HealthCheck {
  readonly path: string;
  readonly intervalMilliseconds: number;
  readonly timeoutMilliseconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  isHealthy(status: number): boolean;
}

/** A target that nobody asked yet is asked as often, so that a server is found as soon as it is up. */
const firstChecksMilliseconds = 50;

/** A server that a target group sends requests to. */
export class Target {
  readonly port: number;
  /** Connections are kept: a server is told of many requests by one. */
  readonly agent = new http.Agent({ keepAlive: true });
  #health: TargetHealth = 'initial';
  #inFlight = 0;
  readonly #over = new AbortController();
  readonly #changed: () => void;
  #idle: (() => void) | undefined;

  /** @param changed hears of each change of its health */
  constructor(port: number, check: HealthCheck, changed: () => void) {
    this.port = port;
    this.#changed = changed;
    void this.#watch(check);
  }

  get health(): TargetHealth {
    return this.#health;
  }

  /** Requests that it has not answered yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Counts a request for as long as it lasts. @returns what to call at its end */
  begin(): () => void {
    this.#inFlight += 1;
    return () => {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.();
    };
  }

  /** Gets no new requests; resolves when the last one is answered, or after so long. */
  async drain(mostMilliseconds: number): Promise<void> {
    this.#set('draining');
    this.#over.abort();
    const waiting = new AbortController();
    if (this.#inFlight > 0) {
      const idle = new Promise<void>((resolve) => (this.#idle = resolve));
      await Promise.race([idle, delay(mostMilliseconds, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined)]);
    }
    waiting.abort();
    this.agent.destroy();
  }

  /** Forgets it at once. */
  close(): void {
    this.#over.abort();
    this.agent.destroy();
  }

  async #watch(check: HealthCheck): Promise<void> {
    const { signal } = this.#over;
    const began = performance.now();
    let [good, bad] = [0, 0];
    while (!signal.aborted) {
      const healthy = await this.#ask(check);
      if (signal.aborted) return;
      [good, bad] = healthy ? [good + 1, 0] : [0, bad + 1];
      // A new target needs to answer well but once; it is given as long as it takes to come up.
      if (healthy && (this.#health === 'initial' || good >= check.healthyThreshold)) this.#set('healthy');
      else if (bad >= check.unhealthyThreshold && (this.#health === 'healthy' || performance.now() - began >= check.unhealthyThreshold * check.intervalMilliseconds)) this.#set('unhealthy');
      const pause = this.#health === 'initial' ? Math.min(firstChecksMilliseconds, check.intervalMilliseconds) : check.intervalMilliseconds;
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #ask({ path, timeoutMilliseconds, isHealthy }: HealthCheck): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { signal: AbortSignal.any([this.#over.signal, AbortSignal.timeout(timeoutMilliseconds)]), redirect: 'manual', headers: { 'user-agent': 'ELB-HealthChecker/2.0' } });
      await response.body?.cancel();
      return isHealthy(response.status);
    } catch {
      // Refused, reset or late: it is not healthy now, which is all that is asked.
      return false;
    }
  }

  #set(health: TargetHealth): void {
    if (this.#health === health || this.#health === 'draining') return;
    this.#health = health;
    this.#changed();
  }
}
