import { LiveModels, type Served, versionOf } from '../../model/serving/live-models.ts';
import { openModel } from '../../model/serving/loaded-model.ts';
import { openArchive, fetchModel } from '../../lambda/shared/serving/fetch-model.ts';
import { readRecord } from '../../lambda/shared/serving/record-reader.ts';
import type { ModelServerEnv } from './env.ts';

/** The models that a server answers with. */
export interface Models {
  choose(version?: string): Promise<Served>;
  all(): Promise<readonly Served[]>;
}

/** What a server tells of its models. */
export interface ModelsLog {
  error(message: string, details: Readonly<Record<string, unknown>>): void;
  info(message: string, details: Readonly<Record<string, unknown>>): void;
}

/** The models of the deployment record that the environment names, or the one in a folder. */
export async function modelsOf(env: ModelServerEnv, log: ModelsLog): Promise<Models> {
  const { RECORD_BUCKET: bucket, RECORD_KEY: key } = env;
  if (bucket === undefined || key === undefined) return oneModel(env);
  return new LiveModels(
    {
      readRecord: (etag) => readRecord({ bucket, key }, etag),
      load: fetchModel,
      now: () => Date.now(),
      random: Math.random,
      onFailure: (what, error, details) => log.error(what === 'model' ? 'The deployed model is refused' : 'The deployment record cannot be read', { error: String(error), ...details }),
      onLoaded: ({ modelName, modelVersion, artifact }, seconds) => log.info('A model was loaded', { modelName, modelVersion, artifact, seconds }),
    },
    Number(env.REVALIDATE_SECONDS ?? '5') * 1000,
  );
}

/** One model for good, whose files SageMaker has put there. */
async function oneModel({ MODEL_FOLDER = '/opt/ml/model', MODEL_ARCHIVE, MODEL_SHA256, MODEL_NAME, MODEL_VERSION = '1' }: ModelServerEnv): Promise<Models> {
  const model = await (MODEL_ARCHIVE === undefined ? openModel(MODEL_FOLDER) : openArchive(MODEL_ARCHIVE, MODEL_SHA256));
  const one: Served = { identity: { modelName: MODEL_NAME ?? model.description.name, modelVersion: MODEL_VERSION, ...(MODEL_SHA256 === undefined ? {} : { sha256: MODEL_SHA256 }) }, model, role: 'stable' };
  return {
    async choose(version) {
      return version === undefined ? one : versionOf([one], version);
    },
    all: async () => [one],
  };
}
