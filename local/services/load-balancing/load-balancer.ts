import { readRequest } from '../../wire/request.ts';
import type { IncomingRequest, OutgoingResponse } from '../../wire/request.ts';
import { answer, forward } from './forward.ts';
import type { Forwarded } from './forward.ts';
import { applies } from './rules.ts';
import type { RequestFacts } from './rules.ts';
import type { TargetGroup } from './target-group.ts';
import { attributeOf } from './types.ts';
import type { Action, Attribute, ListenerProperties, RuleProperties } from './types.ts';

/** What a load balancer needs of its surroundings. */
export interface LoadBalancerHost {
  targetGroup(arn: string): TargetGroup | undefined;
  /** Where another port of the load balancer is on this machine. */
  urlOf(port: number): string | undefined;
  count(group: TargetGroup | undefined, forwarded: Forwarded): void;
}

interface Listener {
  readonly properties: ListenerProperties;
  readonly rules: Map<string, RuleProperties>;
}

/** Chosen at random, and replaceable in tests. */
type Random = () => number;

const defaultIdleSeconds = 60;

/** A load balancer: what each of its ports does with a request. */
export class LoadBalancer {
  readonly #host: LoadBalancerHost;
  readonly #random: Random;
  readonly #listeners = new Map<number, Listener>();
  #attributes: readonly Attribute[] = [];

  constructor(host: LoadBalancerHost, random: Random = Math.random) {
    this.#host = host;
    this.#random = random;
  }

  /** Changes its attributes. */
  configure(attributes: readonly Attribute[]): void {
    this.#attributes = attributes;
  }

  /** Takes up a listener, or changes it. */
  listen(port: number, properties: ListenerProperties): void {
    this.#listeners.set(port, { properties, rules: this.#listeners.get(port)?.rules ?? new Map() });
  }

  /** Takes a listener away. */
  unlisten(port: number): void {
    this.#listeners.delete(port);
  }

  /** Takes up a rule, or changes it. */
  putRule(port: number, id: string, rule: RuleProperties): void {
    this.#listeners.get(port)?.rules.set(id, rule);
  }

  /** Takes a rule away. */
  removeRule(port: number, id: string): void {
    this.#listeners.get(port)?.rules.delete(id);
  }

  /** The target groups that it forwards to. */
  targetGroups(): readonly TargetGroup[] {
    const actions = [...this.#listeners.values()].flatMap(({ properties, rules }) => [...properties.DefaultActions, ...[...rules.values()].flatMap(({ Actions }) => Actions)]);
    const arns = new Set(actions.flatMap((action) => weighted(action).map(({ arn }) => arn)));
    return [...arns].flatMap((arn) => this.#host.targetGroup(arn) ?? []);
  }

  /** Answers a request that came to a port. A port without a listener refuses it, as far as an open socket can. */
  async serve(port: number, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<void> {
    const listener = this.#listeners.get(port);
    if (listener === undefined) {
      outgoing.destroy();
      return;
    }
    const { method, path, query, headers, host } = readRequest(incoming);
    const request: RequestFacts = { method, path, query, headers, host };
    const inOrder = [...listener.rules.values()].sort((left, right) => Number(left.Priority) - Number(right.Priority));
    const actions = inOrder.find((rule) => applies(rule, request))?.Actions ?? listener.properties.DefaultActions;
    // Only the last action answers; those before it authenticate.
    const action = [...actions].sort((left, right) => (left.Order ?? 0) - (right.Order ?? 0)).at(-1);
    await this.#perform(action, port, request, incoming, outgoing);
  }

  async #perform(action: Action | undefined, port: number, request: RequestFacts, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<void> {
    if (action?.Type === 'fixed-response') {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? { StatusCode: '200' };
      answer(outgoing, Number(StatusCode), MessageBody ?? '', ContentType ?? 'text/plain');
      this.#host.count(undefined, { status: Number(StatusCode), own: true });
    } else if (action?.Type === 'redirect') {
      outgoing.setHeader('location', this.#location(action, port, request));
      const status = action.RedirectConfig?.StatusCode === 'HTTP_301' ? 301 : 302;
      answer(outgoing, status, '');
      this.#host.count(undefined, { status, own: true });
    } else {
      await this.#forward(action, port, incoming, outgoing);
    }
  }

  async #forward(action: Action | undefined, port: number, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<void> {
    const group = action && this.#choose(action);
    const target = group?.choose();
    if (target === undefined) {
      answer(outgoing, 503);
      this.#host.count(group, { status: 503, own: true });
      return;
    }
    const idleMilliseconds = Number(attributeOf(this.#attributes, 'idle_timeout.timeout_seconds') ?? defaultIdleSeconds) * 1000;
    this.#host.count(group, await forward(incoming, outgoing, target, { port, idleMilliseconds }));
  }

  /** A target group by weight; a weight of 0 gets nothing. */
  #choose(action: Action): TargetGroup | undefined {
    const groups = weighted(action);
    let point = this.#random() * groups.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = groups.find(({ weight }) => (point -= weight) < 0);
    return chosen && this.#host.targetGroup(chosen.arn);
  }

  /** Where a redirect leads: to the load balancer's own other port, where that is what it names. */
  #location({ RedirectConfig: config }: Action, port: number, { host, path, query }: RequestFacts): string {
    const { Protocol = '#{protocol}', Host = '#{host}', Port = '#{port}', Path = '/#{path}', Query = '#{query}' } = config ?? {};
    const fill = (text: string): string =>
      text.replaceAll('#{protocol}', 'HTTP').replaceAll('#{host}', host.replace(/:\d+$/, '')).replaceAll('#{port}', String(port)).replaceAll('#{path}', path.slice(1)).replaceAll('#{query}', query.toString());
    const asked = fill(Query);
    const origin = Host === '#{host}' ? this.#host.urlOf(Number(fill(Port))) : undefined;
    return `${origin ?? `${fill(Protocol).toLowerCase()}://${fill(Host)}:${fill(Port)}`}${fill(Path)}${asked === '' ? '' : `?${asked}`}`;
  }
}

function weighted({ TargetGroupArn, ForwardConfig }: Action): readonly { readonly arn: string; readonly weight: number }[] {
  if (ForwardConfig?.TargetGroups !== undefined) return ForwardConfig.TargetGroups.map(({ TargetGroupArn: arn, Weight = 1 }) => ({ arn, weight: Number(Weight) }));
  return TargetGroupArn === undefined ? [] : [{ arn: TargetGroupArn, weight: 1 }];
}
