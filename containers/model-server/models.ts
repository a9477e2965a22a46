import { type Served, versionOf } from '../../model/serving/live-models.ts';
import { openModel } from '../../model/serving/loaded-model.ts';
import type { ModelServerEnv } from './env.ts';
import type { Log } from './log.ts';

/** The models that a server answers with. */
export interface Models {
  choose(version?: string): Promise<Served>;
  all(): Promise<readonly Served[]>;
}

/** The models of the deployment record that the environment names, or the one in a folder. What only one of them needs is loaded by that one: the client of S3 takes a third of the memory. */
export async function modelsOf(env: ModelServerEnv, log: Log): Promise<Models> {
  const { RECORD_BUCKET: bucket, RECORD_KEY: key } = env;
  if (bucket === undefined || key === undefined) return oneModel(env);
  const { recordedModels } = await import('./recorded-models.ts');
  return recordedModels({ bucket, key }, Number(env.REVALIDATE_SECONDS ?? '5') * 1000, log);
}

/** One model for good, whose files SageMaker has put there. */
async function oneModel({ SM_MODEL_DIR = '/opt/ml/model', MODEL_FOLDER = SM_MODEL_DIR, MODEL_ARCHIVE, MODEL_SHA256, MODEL_NAME, MODEL_VERSION = '1' }: ModelServerEnv): Promise<Models> {
  const model = await (MODEL_ARCHIVE === undefined ? openModel(MODEL_FOLDER) : (await import('../../lambda/shared/serving/fetch-model.ts')).openArchive(MODEL_ARCHIVE, MODEL_SHA256));
  const one: Served = { identity: { modelName: MODEL_NAME ?? model.description.name, modelVersion: MODEL_VERSION, ...(MODEL_SHA256 === undefined ? {} : { sha256: MODEL_SHA256 }) }, model, role: 'stable' };
  return {
    async choose(version) {
      return version === undefined ? one : versionOf([one], version);
    },
    all: async () => [one],
  };
}
