import type { Collection } from '../../../core/store.ts';
import { TokenBucket } from '../throttle.ts';
import { emptyDefinition, MethodTable, type Definition, type DefinitionPart } from './definition.ts';
import type { MethodSetting, RestApiProperties, RestStageProperties } from './types.ts';
import { VerdictCache } from './verdict-cache.ts';

/** What an account may do at most unless it asked for more: stands in for a limit that is not given. */
export const accountLimits = { rate: 10_000, burst: 5_000 };

/** A REST API: a draft that resources change, and stages that serve pictures of it. */
export class RestApi {
  readonly id: string;
  readonly rootId: string;
  properties: RestApiProperties;
  /** What authorizers said. */
  readonly verdicts = new VerdictCache();
  #draft = emptyDefinition;
  readonly #deployments: Collection<Definition>;
  readonly #stages = new Map<string, RestStageProperties>();
  readonly #tables = new Map<string, MethodTable>();
  readonly #buckets = new Map<string, TokenBucket | undefined>();

  /** @param deployments the definitions that were deployed, by `<api>/<deployment>`: they outlive the laptop */
  constructor(id: string, rootId: string, properties: RestApiProperties, deployments: Collection<Definition>) {
    this.id = id;
    this.rootId = rootId;
    this.properties = properties;
    this.#deployments = deployments;
  }

  /** Adds a part to the draft, or changes it. */
  put<P extends DefinitionPart>(part: P, id: string, value: Definition[P][string]): void {
    this.#draft = { ...this.#draft, [part]: { ...this.#draft[part], [id]: value } };
  }

  /** Takes a part out of the draft. */
  drop(part: DefinitionPart, id: string): void {
    const { [id]: _, ...rest } = this.#draft[part];
    this.#draft = { ...this.#draft, [part]: rest };
  }

  /** Takes a picture of the draft under the deployment's id; one that was taken stays as it is. */
  deploy(deploymentId: string): void {
    const key = `${this.id}/${deploymentId}`;
    if (this.#deployments.get(key) === undefined) this.#deployments.put(key, this.#draft);
  }

  /** Forgets a deployment. */
  withdraw(deploymentId: string): void {
    this.#deployments.delete(`${this.id}/${deploymentId}`);
    this.#tables.delete(deploymentId);
  }

  /** Adds a stage, or changes it; its throttling starts anew. */
  putStage(stage: RestStageProperties): void {
    this.#stages.set(stage.StageName, stage);
    this.#buckets.clear();
    this.verdicts.clear();
  }

  /** Removes a stage. */
  removeStage(name: string): void {
    this.#stages.delete(name);
  }

  /** The stage that a path names in its first segment, and the path within it. */
  stageOf(path: string): { stage: RestStageProperties; path: string } | undefined {
    const name = path.split('/')[1] ?? '';
    const stage = this.#stages.get(name);
    return stage && { stage, path: path.slice(name.length + 1) || '/' };
  }

  /** The methods that a stage serves: those of its deployment, whatever became of the draft since. */
  tableOf({ DeploymentId = '' }: RestStageProperties): MethodTable | undefined {
    const known = this.#tables.get(DeploymentId);
    if (known !== undefined) return known;
    const definition = this.#deployments.get(`${this.id}/${DeploymentId}`);
    const table = definition && new MethodTable(definition, this.rootId);
    if (table !== undefined) this.#tables.set(DeploymentId, table);
    return table;
  }

  /** Whether the stage's settings let one more request to the method through. */
  admits(stage: RestStageProperties, httpMethod: string, resourcePath: string, now: number): boolean {
    const key = `${stage.StageName} ${httpMethod} ${resourcePath}`;
    if (!this.#buckets.has(key)) this.#buckets.set(key, bucketOf(stage.MethodSettings ?? [], httpMethod, resourcePath, now));
    return this.#buckets.get(key)?.take(now) ?? true;
  }
}

/** The method's own setting counts, then that for all methods. */
function bucketOf(settings: readonly MethodSetting[], httpMethod: string, resourcePath: string, now: number): TokenBucket | undefined {
  const own = settings.filter((setting) => covers(setting, httpMethod, resourcePath)).sort((left, right) => generality(left) - generality(right));
  const rate = own.find(({ ThrottlingRateLimit }) => ThrottlingRateLimit !== undefined)?.ThrottlingRateLimit;
  const burst = own.find(({ ThrottlingBurstLimit }) => ThrottlingBurstLimit !== undefined)?.ThrottlingBurstLimit;
  // A limit below zero stands for none, as CDK writes it.
  if ((rate === undefined || Number(rate) < 0) && (burst === undefined || Number(burst) < 0)) return undefined;
  return new TokenBucket(Number(rate ?? accountLimits.rate), Number(burst ?? accountLimits.burst), now);
}

function covers({ HttpMethod = '*', ResourcePath = '/*' }: MethodSetting, httpMethod: string, resourcePath: string): boolean {
  return (HttpMethod === '*' || HttpMethod === httpMethod) && (ResourcePath === '/*' || settingPath(ResourcePath) === resourcePath);
}

/** In settings, slashes within a path may be written as `~1`. */
function settingPath(path: string): string {
  return path.replaceAll('~1', '/').replace(/^\/\//, '/');
}

function generality({ HttpMethod = '*', ResourcePath = '/*' }: MethodSetting): number {
  return Number(HttpMethod === '*') + Number(ResourcePath === '/*');
}
