import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import { TokenBucket } from '../throttle.ts';
import { RestError } from './errors.ts';
import type { UsedKey } from './invocation.ts';
import { periodOf } from './quota-period.ts';
import { accountLimits } from './rest-api.ts';
import type { UsagePlanProperties, UsageQuota, UsageThrottle } from './types.ts';

/** An API key. */
export interface ApiKeyRecord extends UsedKey {
  readonly enabled: boolean;
}

/** What a request is counted on. */
export interface UsageTarget {
  readonly apiId: string;
  readonly stage: string;
  readonly resourcePath: string;
  readonly httpMethod: string;
}

/** The API keys of the account, and the plans that say how much each may use. */
export class Usage {
  readonly keys = new Map<string, ApiKeyRecord>();
  readonly plans = new Map<string, UsagePlanProperties>();
  /** Which keys are in which plan, as `<plan>/<key>`. */
  readonly members = new Set<string>();
  readonly #context: LaptopContext;
  readonly #counts: Collection<number>;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#counts = context.store.collection('apigateway', 'usage');
  }

  /** Changes a plan; its throttling starts anew, its quota goes on. */
  putPlan(id: string, plan: UsagePlanProperties): void {
    this.plans.set(id, plan);
    for (const key of this.#buckets.keys()) if (key.startsWith(`${id}/`)) this.#buckets.delete(key);
  }

  /**
   * Counts a request on its key.
   * @throws {RestError} 403 for a key that no plan of the stage knows, 429 for one that used up what it has
   */
  admit(value: string | undefined, target: UsageTarget): UsedKey {
    const key = [...this.keys.values()].find((candidate) => candidate.value === value && candidate.enabled);
    const found = key && this.#planOf(key.id, target);
    if (key === undefined || found === undefined) throw new RestError('INVALID_API_KEY');
    const { planId, plan } = found;
    const own = plan.ApiStages?.find(({ ApiId, Stage }) => ApiId === target.apiId && Stage === target.stage)?.Throttle;
    const route = [`${target.resourcePath}/${target.httpMethod}`, `${target.resourcePath}/ANY`].find((name) => own?.[name] !== undefined);
    const throttle = (route === undefined ? undefined : own?.[route]) ?? plan.Throttle;
    if (!this.#takes(`${planId}/${key.id}/${route ?? ''}`, throttle)) throw new RestError('THROTTLED');
    this.#count(`${planId}/${key.id}`, plan.Quota);
    return { id: key.id, value: key.value };
  }

  #planOf(keyId: string, { apiId, stage }: UsageTarget): { planId: string; plan: UsagePlanProperties } | undefined {
    for (const [planId, plan] of this.plans) {
      const covers = plan.ApiStages?.some(({ ApiId, Stage }) => ApiId === apiId && Stage === stage);
      if (covers === true && this.members.has(`${planId}/${keyId}`)) return { planId, plan };
    }
    return undefined;
  }

  #takes(id: string, throttle: UsageThrottle | undefined): boolean {
    if (throttle?.RateLimit === undefined && throttle?.BurstLimit === undefined) return true;
    const now = this.#context.clock.now().getTime();
    const bucket = this.#buckets.get(id) ?? new TokenBucket(Number(throttle.RateLimit ?? accountLimits.rate), Number(throttle.BurstLimit ?? accountLimits.burst), now);
    this.#buckets.set(id, bucket);
    return bucket.take(now);
  }

  #count(id: string, quota: UsageQuota | undefined): void {
    if (quota?.Limit === undefined) return;
    const period = `${id}/${periodOf(this.#context.clock.now(), quota)}`;
    const used = this.#counts.get(period) ?? 0;
    if (used >= Number(quota.Limit)) throw new RestError('QUOTA_EXCEEDED');
    // Earlier periods are of no use any more.
    if (used === 0) for (const { id: earlier } of this.#counts.list(`${id}/`)) this.#counts.delete(earlier);
    this.#counts.put(period, used + 1);
  }
}
