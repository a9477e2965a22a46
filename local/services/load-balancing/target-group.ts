import { EventEmitter } from 'node:events';
import { Target } from './target.ts';
import type { HealthCheck, TargetHealth } from './target.ts';
import { attributeOf } from './types.ts';
import type { TargetGroupProperties } from './types.ts';

const defaults = { path: '/', intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 5, unhealthyThreshold: 2, matcher: '200', deregistrationDelaySeconds: 300 };

/** The servers that requests are spread over. */
export class TargetGroup {
  readonly name: string;
  readonly arn: string;
  /** Says `changed` when a target's health did. */
  readonly changes = new EventEmitter().setMaxListeners(0);
  /** The load balancers whose listeners forward to it, as metrics name them. */
  readonly loadBalancers = new Set<string>();
  #properties: TargetGroupProperties;
  readonly #targets = new Map<number, Target>();
  /** Those that no longer get requests, until their last one is answered. */
  readonly #draining = new Set<Target>();
  #next = 0;

  constructor(name: string, arn: string, properties: TargetGroupProperties) {
    this.name = name;
    this.arn = arn;
    this.#properties = properties;
  }

  /** Its name as metrics have it: `targetgroup/<name>/<id>`. */
  get fullName(): string {
    return this.arn.split(':').slice(5).join(':');
  }

  /** Changes how new targets are treated. */
  configure(properties: TargetGroupProperties): void {
    this.#properties = properties;
  }

  /** Takes up a server on this machine. */
  register(port: number): void {
    if (this.#targets.has(port)) return;
    this.#targets.set(port, new Target(port, healthCheckOf(this.#properties), () => this.changes.emit('changed')));
  }

  /** Sends a server no more requests; resolves when it has answered those that it got. */
  async deregister(port: number): Promise<void> {
    const target = this.#targets.get(port);
    if (target === undefined) return;
    this.#targets.delete(port);
    this.#draining.add(target);
    const seconds = attributeOf(this.#properties.TargetGroupAttributes, 'deregistration_delay.timeout_seconds') ?? defaults.deregistrationDelaySeconds;
    await target.drain(Number(seconds) * 1000);
    this.#draining.delete(target);
  }

  /** How it sees a server, or undefined for one that is not registered. */
  healthOf(port: number): TargetHealth | undefined {
    return this.#targets.get(port)?.health;
  }

  /** The health of each server. */
  health(): readonly TargetHealth[] {
    return [...this.#targets.values()].map(({ health }) => health);
  }

  /** Who gets the next request: a healthy target; where none is, any that was healthy once, as AWS does. */
  choose(): Target | undefined {
    const targets = [...this.#targets.values()];
    const healthy = targets.filter(({ health }) => health === 'healthy');
    const candidates = healthy.length > 0 ? healthy : targets.filter(({ health }) => health === 'unhealthy');
    if (candidates.length === 0) return undefined;
    this.#next = (this.#next + 1) % candidates.length;
    const inTurn = candidates[this.#next]!;
    if (attributeOf(this.#properties.TargetGroupAttributes, 'load_balancing.algorithm.type') !== 'least_outstanding_requests') return inTurn;
    return candidates.reduce((least, target) => (target.inFlight < least.inFlight ? target : least), inTurn);
  }

  /** Forgets all targets. */
  close(): void {
    for (const target of [...this.#targets.values(), ...this.#draining]) target.close();
    this.#targets.clear();
  }
}

function healthCheckOf(properties: TargetGroupProperties): HealthCheck {
  const matcher = properties.Matcher?.HttpCode ?? defaults.matcher;
  const ranges = matcher.split(',').map((range) => range.trim().split('-').map(Number));
  return {
    path: properties.HealthCheckPath ?? defaults.path,
    intervalMilliseconds: Number(properties.HealthCheckIntervalSeconds ?? defaults.intervalSeconds) * 1000,
    timeoutMilliseconds: Number(properties.HealthCheckTimeoutSeconds ?? defaults.timeoutSeconds) * 1000,
    healthyThreshold: Number(properties.HealthyThresholdCount ?? defaults.healthyThreshold),
    unhealthyThreshold: Number(properties.UnhealthyThresholdCount ?? defaults.unhealthyThreshold),
    isHealthy: (status) => ranges.some(([from = 0, to = from]) => status >= from && status <= to),
  };
}
