import type { Dialect } from './dialect.ts';
import type { JwtAuthorizers } from './jwt-authorizer.ts';
import { TokenBucket } from './throttle.ts';
import type { RoutePattern } from './routes.ts';
import type { ApiProperties, AuthorizerProperties, IntegrationProperties, RouteProperties, StageProperties } from './types.ts';

/** A route with its key taken apart. */
export interface Route extends RoutePattern {
  readonly properties: RouteProperties;
}

/** What an HTTP API consists of. Changes act on the next request. */
export class HttpApi {
  readonly id: string;
  readonly dialect: Dialect;
  readonly tokens: JwtAuthorizers;
  properties: ApiProperties;
  /** By id. */
  readonly integrations = new Map<string, IntegrationProperties>();
  /** By id. */
  readonly routes = new Map<string, Route>();
  /** By id. */
  readonly authorizers = new Map<string, AuthorizerProperties>();
  readonly #stages = new Map<string, StageProperties>();
  readonly #buckets = new Map<string, TokenBucket | undefined>();

  constructor(id: string, properties: ApiProperties, { dialect, tokens }: { readonly dialect: Dialect; readonly tokens: JwtAuthorizers }) {
    this.id = id;
    this.dialect = dialect;
    this.tokens = tokens;
    this.properties = properties;
  }

  /** Adds a stage, or changes it; its throttling starts anew. */
  putStage(stage: StageProperties): void {
    this.#stages.set(stage.StageName, stage);
    this.#buckets.clear();
  }

  /** Removes a stage. */
  removeStage(name: string): void {
    this.#stages.delete(name);
  }

  /** The stage that a path names in its first segment, or else the default one, and the path within it. */
  stageOf(path: string): { stage: StageProperties; path: string } | undefined {
    const name = path.split('/')[1] ?? '';
    const named = this.#stages.get(name);
    if (named !== undefined) return { stage: named, path: path.slice(name.length + 1) || '/' };
    const stage = this.#stages.get('$default');
    return stage && { stage, path };
  }

  /** The integration behind a route's target, `integrations/<id>`. */
  integrationOf({ properties }: Pick<Route, 'properties'>): IntegrationProperties | undefined {
    return this.integrations.get(properties.Target?.replace(/^integrations\//, '') ?? '');
  }

  /** Whether the stage's settings let one more request to the route through. */
  admits(stage: StageProperties, routeKey: string, now: number): boolean {
    const key = `${stage.StageName} ${routeKey}`;
    if (!this.#buckets.has(key)) this.#buckets.set(key, bucketOf(stage, routeKey, now));
    return this.#buckets.get(key)?.take(now) ?? true;
  }
}

function bucketOf({ DefaultRouteSettings: general, RouteSettings: own }: StageProperties, routeKey: string, now: number): TokenBucket | undefined {
  const rate = own?.[routeKey]?.ThrottlingRateLimit ?? general?.ThrottlingRateLimit;
  const burst = own?.[routeKey]?.ThrottlingBurstLimit ?? general?.ThrottlingBurstLimit;
  if (rate === undefined && burst === undefined) return undefined;
  return new TokenBucket(Number(rate ?? accountLimits.rate), Number(burst ?? accountLimits.burst), now);
}

/** What an account may do at most unless it asked for more: stands in for a limit that is not given. */
const accountLimits = { rate: 10_000, burst: 5_000 };
