import { messageOf } from '../shared/errors.ts';
import type { DeploymentRecord, ServedModel } from '../shared/record.ts';
import { HttpError } from './http-error.ts';
import type { LoadedModel } from './loaded-model.ts';

/** What reading the record gave. */
export type RecordRead =
  | { readonly kind: 'record'; readonly record: DeploymentRecord; readonly etag: string }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'absent' };

/** What the store needs of the world. */
export interface StorePorts {
  /** @param etag the record that is known; where it is still that one, the answer is `unchanged`. */
  readRecord(etag: string | undefined): Promise<RecordRead>;
  load(model: ServedModel): Promise<LoadedModel>;
  now(): number;
  /** Something went wrong, and the previous model, if any, keeps serving. */
  onFailure(what: 'record' | 'model', error: unknown, details: Readonly<Record<string, unknown>>): void;
  onLoaded(served: ServedModel, seconds: number): void;
}

/** The model that the record names, in memory. */
export interface Served {
  readonly served: ServedModel;
  readonly model: LoadedModel;
}

/** Models kept in memory: the present one, and the one before it, for a rollback. */
const keptModels = 2;

/**
 * Holds the model that the deployment record names. The record is read again once it is older than `revalidateMs`, never per request.
 * A model that cannot be loaded, or whose bytes are not what the record says, changes nothing: the previous one keeps serving.
 */
export class ModelStore {
  private readonly ports: StorePorts;
  private readonly revalidateMs: number;
  private readonly models = new Map<string, LoadedModel>();
  private current: Served | undefined;
  private etag: string | undefined;
  private checkedAt = -Infinity;
  private unavailable = 'No model has been deployed yet.';
  private checking: Promise<void> | undefined;

  /** Nothing is read before the first `get`. */
  constructor(ports: StorePorts, revalidateMs: number) {
    this.ports = ports;
    this.revalidateMs = revalidateMs;
  }

  /** The model to serve with now. @throws HttpError 503 while there is none. */
  async get(): Promise<Served> {
    if (this.ports.now() - this.checkedAt >= this.revalidateMs) {
      this.checking ??= this.revalidate().finally(() => (this.checking = undefined));
      await this.checking;
    }
    if (this.current === undefined) {
      const seconds = Math.max(1, Math.ceil(this.revalidateMs / 1000));
      throw new HttpError(503, 'ModelNotReady', this.unavailable, { headers: { 'retry-after': String(seconds) } });
    }
    return this.current;
  }

  private async revalidate(): Promise<void> {
    try {
      const read = await this.ports.readRecord(this.etag);
      if (read.kind === 'record') await this.adopt(read.record, read.etag);
      else if (read.kind === 'absent' && this.current !== undefined) {
        this.ports.onFailure('record', new Error('The deployment record is gone; the model that it named last keeps serving.'), {});
      }
    } catch (error) {
      this.unavailable = 'The deployment record cannot be read at the moment.';
      this.ports.onFailure('record', error, {});
    } finally {
      this.checkedAt = this.ports.now();
    }
  }

  private async adopt({ stable }: DeploymentRecord, etag: string): Promise<void> {
    const digest = stable.artifact.sha256;
    const startedAt = this.ports.now();
    try {
      const known = this.models.get(digest);
      const model = known ?? (await this.ports.load(stable));
      // Last used, last dropped.
      this.models.delete(digest);
      this.models.set(digest, model);
      this.current = { served: stable, model };
      // Only a record whose model is loaded is taken as known: a failure is tried again at the next revalidation.
      this.etag = etag;
      if (known === undefined) this.ports.onLoaded(stable, (this.ports.now() - startedAt) / 1000);
      await this.dropOldModels();
    } catch (error) {
      this.unavailable = `The deployed model, version ${stable.modelVersion}, cannot be loaded.`;
      this.ports.onFailure('model', error, { modelVersion: stable.modelVersion, artifact: stable.artifact, reason: messageOf(error) });
    }
  }

  private async dropOldModels(): Promise<void> {
    for (const [digest, model] of [...this.models].slice(0, -keptModels)) {
      this.models.delete(digest);
      await model.close();
    }
  }
}
