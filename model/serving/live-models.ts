import { HttpError } from './http/error.ts';
import { versionField } from './http/version-names.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { DeploymentRecord, Role, ServedModel } from './record.ts';

/** What reading the record gave. */
export type RecordRead =
  | { readonly kind: 'record'; readonly record: DeploymentRecord; readonly etag: string }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'absent' };

/** What following a record needs of the world. */
export interface LiveModelsPorts {
  /** @param etag the record that is known; where it is still that one, the answer is `unchanged`. */
  readRecord(etag: string | undefined): Promise<RecordRead>;
  load(model: ServedModel): Promise<LoadedModel>;
  now(): number;
  /** A number from 0 up to but not 1: which version a request meets. */
  random(): number;
  /** Something went wrong, and the previous model, if any, keeps serving. */
  onFailure(what: 'record' | 'model', error: unknown, details: Readonly<Record<string, unknown>>): void;
  onLoaded(served: ServedModel, seconds: number): void;
}

/** What is known of a model that is served, besides what its own files say. */
export interface ModelIdentity {
  readonly modelName: string;
  readonly modelVersion: string;
  /** Absent where it is served from a folder that nobody registered. */
  readonly modelPackageArn?: string;
  /** Of its artifact; absent where somebody else fetched it. */
  readonly sha256?: string;
  /** Whether its use was approved when it was deployed, in the registry's words, such as `Approved`. */
  readonly approval?: string;
  /** What it reached on the held-out rows. */
  readonly metrics?: Readonly<Record<string, number | null>>;
}

/** A live model, in memory. */
export interface Served {
  readonly identity: ModelIdentity;
  readonly model: LoadedModel;
  readonly role: Role;
}

/** What answers requests, and how they are shared out. */
interface Live {
  readonly stable: Served;
  readonly canary?: Served & { readonly weight: number };
}

/** Models kept in memory beyond the live ones: the one that was live last, for a rollback. */
const keptModels = 1;

/**
 * Holds the models that the deployment record names, and chooses between them. The record is read again once it is older than `revalidateMs`, never per request.
 * A model that cannot be loaded, or whose bytes are not what the record says, is not served: the previous stable one keeps serving. A canary that the record
 * names no more gets no request, whatever else goes wrong.
 */
export class LiveModels {
  private readonly ports: LiveModelsPorts;
  private readonly revalidateMs: number;
  /** By digest, the one used last at the end. */
  private readonly models = new Map<string, LoadedModel>();
  private live: Live | undefined;
  private etag: string | undefined;
  private checkedAt = -Infinity;
  private unavailable = 'No model has been deployed yet.';
  private checking: Promise<void> | undefined;

  /** Nothing is read before the first `choose`. */
  constructor(ports: LiveModelsPorts, revalidateMs: number) {
    this.ports = ports;
    this.revalidateMs = revalidateMs;
  }

  /**
   * The model to answer a request with: by the weights, or the version that it asks for.
   * @throws HttpError 503 while there is none, 404 where the version is not live.
   */
  async choose(version?: string): Promise<Served> {
    const { stable, canary } = await this.current();
    if (version !== undefined) return versionOf([stable, ...(canary === undefined ? [] : [canary])], version);
    return canary !== undefined && this.ports.random() < canary.weight ? canary : stable;
  }

  /** All live models, the stable one first. @throws HttpError 503 while there is none. */
  async all(): Promise<readonly Served[]> {
    const { stable, canary } = await this.current();
    return canary === undefined ? [stable] : [stable, canary];
  }

  private async current(): Promise<Live> {
    if (this.ports.now() - this.checkedAt >= this.revalidateMs) {
      this.checking ??= this.revalidate().finally(() => (this.checking = undefined));
      await this.checking;
    }
    if (this.live === undefined) {
      const seconds = Math.max(1, Math.ceil(this.revalidateMs / 1000));
      throw new HttpError(503, 'ModelNotReady', this.unavailable, { headers: { 'retry-after': String(seconds) } });
    }
    return this.live;
  }

  private async revalidate(): Promise<void> {
    try {
      const read = await this.ports.readRecord(this.etag);
      if (read.kind === 'record') await this.adopt(read.record, read.etag);
      else if (read.kind === 'absent' && this.live !== undefined) {
        this.ports.onFailure('record', new Error('The deployment record is gone; the models that it named last keep serving.'), {});
      }
    } catch (error) {
      this.unavailable = 'The deployment record cannot be read at the moment.';
      this.ports.onFailure('record', error, {});
    } finally {
      this.checkedAt = this.ports.now();
    }
  }

  private async adopt({ stable, canary }: DeploymentRecord, etag: string): Promise<void> {
    const newStable = await this.loaded(stable, 'stable');
    const newCanary = canary === undefined ? undefined : await this.loaded(canary.model, 'canary');
    const serving = newStable ?? this.live?.stable;
    if (serving !== undefined) {
      this.live = { stable: serving, ...(newCanary === undefined ? {} : { canary: { ...newCanary, weight: canary?.weight ?? 0 } }) };
    }
    // Only a record whose models are all loaded is taken as known: a failure is tried again at the next revalidation.
    this.etag = newStable === undefined || (canary !== undefined && newCanary === undefined) ? undefined : etag;
    this.dropOldModels();
  }

  private async loaded(served: ServedModel, role: Role): Promise<Served | undefined> {
    const digest = served.artifact.sha256;
    const startedAt = this.ports.now();
    try {
      const known = this.models.get(digest);
      const model = known ?? (await this.ports.load(served));
      // Last used, last dropped.
      this.models.delete(digest);
      this.models.set(digest, model);
      if (known === undefined) this.ports.onLoaded(served, (this.ports.now() - startedAt) / 1000);
      return { identity: identityOf(served), model, role };
    } catch (error) {
      this.unavailable = `The deployed model, version ${served.modelVersion}, cannot be loaded.`;
      this.ports.onFailure('model', error, { modelVersion: served.modelVersion, artifact: served.artifact, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  private dropOldModels(): void {
    const inUse = new Set([this.live?.stable.model, this.live?.canary?.model]);
    const idle = [...this.models].filter(([, model]) => !inUse.has(model));
    for (const [digest, model] of idle.slice(0, Math.max(0, idle.length - keptModels))) {
      this.models.delete(digest);
      // Whoever still predicts with it is waited for, but not by the requests that wait for this.
      model.close().catch((error: unknown) => this.ports.onFailure('model', error, { artifact: { sha256: digest } }));
    }
  }
}

function identityOf({ modelName, modelVersion, modelPackageArn, artifact, approval, metrics }: ServedModel): ModelIdentity {
  return { modelName, modelVersion, modelPackageArn, sha256: artifact.sha256, ...(approval === undefined ? {} : { approval }), ...(metrics === undefined ? {} : { metrics }) };
}

/** The live model of a version. @throws HttpError 404 that names those that are live */
export function versionOf(live: readonly Served[], version: string): Served {
  const served = live.find(({ identity }) => identity.modelVersion === version);
  if (served !== undefined) return served;
  const found = JSON.stringify(version.slice(0, 40));
  const expected = `${live.map(({ identity }) => identity.modelVersion).join(' or ')}, or none for whichever is served`;
  throw new HttpError(404, 'ModelVersionNotFound', `The version ${found} is not live, expected ${expected}.`, { details: [{ field: versionField, found, expected }] });
}
