import type { LaptopContext } from '../../core/context.ts';
import { ApiPorts } from '../apigateway/ports.ts';
import { LoadBalancer } from './load-balancer.ts';
import { LoadBalancerMetrics } from './metrics.ts';
import type { TargetGroup } from './target-group.ts';

interface Standing {
  readonly balancer: LoadBalancer;
  readonly arn: string;
  readonly dnsName: string;
}

/** The ports of web addresses: they are open before a listener is declared, since a URL may be needed earlier. */
const webPorts: readonly number[] = [80, 443];

/** How often the number of healthy targets is told, on the laptop's clock: once a minute is what a metric needs. */
const hostsMilliseconds = 60_000;

/** The load balancers and target groups of the laptop. */
export class LoadBalancers {
  readonly #context: LaptopContext;
  readonly #ports: ApiPorts;
  readonly #metrics: LoadBalancerMetrics;
  readonly #balancers = new Map<string, Standing>();
  readonly #groups = new Map<string, TargetGroup>();
  readonly #listeners = new Map<string, { readonly balancerArn: string; readonly port: number }>();
  readonly #closing = new AbortController();
  #telling: Promise<void> | undefined;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#ports = new ApiPorts(context);
    this.#metrics = new LoadBalancerMetrics(context);
  }

  /** Brings a load balancer up, or changes the one that is. */
  async open(arn: string, dnsName: string): Promise<LoadBalancer> {
    const standing = this.#balancers.get(arn);
    if (standing !== undefined) return standing.balancer;
    const balancer: LoadBalancer = new LoadBalancer({
      targetGroup: (group) => this.#groups.get(group),
      urlOf: (port) => this.#context.addresses.find(dnsName, port),
      count: (group, forwarded) => this.#metrics.count(fullName(arn), group, forwarded),
    });
    this.#balancers.set(arn, { balancer, arn, dnsName });
    for (const port of webPorts) await this.openPort(arn, port);
    this.#telling ??= this.#tellHosts().catch(() => undefined);
    return balancer;
  }

  /** Opens a port of a load balancer, unless it is open. @returns where it is on this machine */
  async openPort(arn: string, port: number): Promise<string> {
    const { balancer, dnsName } = this.#balancers.get(arn)!;
    const url = await this.#ports.open(portId(arn, port), `The load balancer ${nameOf(arn)}`, (incoming, outgoing) => balancer.serve(port, incoming, outgoing), false);
    this.#context.addresses.publish(dnsName, port, url);
    return url;
  }

  /** Lets people know of a port that has a listener. */
  publish(arn: string, port: number, url: string): void {
    this.#context.publishApi(`${nameOf(arn)}:${port}`, url);
  }

  /** The load balancer of this ARN. */
  find(arn: string): LoadBalancer | undefined {
    return this.#balancers.get(arn)?.balancer;
  }

  /** Remembers which port a listener is on. */
  putListener(arn: string, balancerArn: string, port: number): void {
    this.#listeners.set(arn, { balancerArn, port });
  }

  /** The load balancer and the port of a listener. */
  listener(arn: string): { readonly balancer: LoadBalancer; readonly port: number } | undefined {
    const found = this.#listeners.get(arn);
    const balancer = found && this.find(found.balancerArn);
    return balancer && { balancer, port: found.port };
  }

  /** Takes a load balancer down for good. */
  async remove(arn: string): Promise<void> {
    const standing = this.#balancers.get(arn);
    this.#balancers.delete(arn);
    if (standing !== undefined) this.#context.addresses.remove(standing.dnsName);
    for (const port of webPorts) await this.#ports.remove(portId(arn, port));
  }

  /** Takes up a target group. */
  putGroup(group: TargetGroup): void {
    this.#groups.set(group.arn, group);
  }

  /** The target group of this ARN. */
  group(arn: string): TargetGroup | undefined {
    return this.#groups.get(arn);
  }

  /** Takes a target group away. */
  removeGroup(arn: string): void {
    this.#groups.get(arn)?.close();
    this.#groups.delete(arn);
  }

  /** Takes all down; they come up on the same ports next time. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
    this.#metrics.flush();
    for (const group of this.#groups.values()) group.close();
    await this.#ports.close();
  }

  async #tellHosts(): Promise<void> {
    for (;;) {
      for (const { balancer, arn } of this.#balancers.values()) for (const group of balancer.targetGroups()) this.#metrics.hosts(fullName(arn), group);
      await this.#context.clock.sleep(hostsMilliseconds, this.#closing.signal);
    }
  }
}

/** `app/<name>/<id>`, as metrics name it. */
export function fullName(arn: string): string {
  return arn.split(':loadbalancer/').at(-1) ?? arn;
}

function nameOf(arn: string): string {
  return fullName(arn).split('/')[1] ?? arn;
}

function portId(arn: string, port: number): string {
  return `${nameOf(arn)}-${port}`;
}
