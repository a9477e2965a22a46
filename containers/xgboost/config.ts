import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A training job as its container sees it. */
export interface TrainingJobConfig {
  /** The folder that is /opt/ml in a container. */
  readonly base: string;
  /** All values are strings. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly string[];
  /** Whether every channel holds CSV, not Parquet. */
  readonly isCsv: boolean;
  /** Where checkpoints are kept, if the job asks for them. */
  readonly checkpoints: string | undefined;
}

/** A training job that this container does not accept; the message is for the user who started it. */
export class JobConfigError extends Error {
  override readonly name = 'JobConfigError';
}

const csvTypes = ['text/csv', 'csv'];
const contentTypes = [...csvTypes, 'application/x-parquet', 'parquet'];

/** Reads `input/config/*.json` under the base folder and checks what the container relies on. */
export async function readJobConfig(base: string): Promise<TrainingJobConfig> {
  const config = path.join(base, 'input', 'config');
  const hyperparameters = await readObject(path.join(config, 'hyperparameters.json'));
  const inputs = await readObject(path.join(config, 'inputdataconfig.json'));
  const resources = await readObject(path.join(config, 'resourceconfig.json'));
  for (const [name, value] of Object.entries(hyperparameters)) {
    if (typeof value !== 'string') throw new JobConfigError(`Hyperparameter '${name}' is ${JSON.stringify(value)}, expected a string: SageMaker passes every hyperparameter as text.`);
  }
  const { hosts } = resources;
  if (Array.isArray(hosts) && hosts.length > 1) {
    throw new JobConfigError(`The job has ${String(hosts.length)} instances, expected 1: the laptop's trainer does not train on several.`);
  }
  const channels = Object.keys(inputs);
  if (!channels.includes('train')) throw new JobConfigError(`The job has the channels ${channels.join(', ') || '(none)'}, expected 'train' and optionally 'validation'.`);
  for (const [channel, settings] of Object.entries(inputs)) {
    if (channel !== 'train' && channel !== 'validation') throw new JobConfigError(`The job has a channel '${channel}', expected 'train' and optionally 'validation'.`);
    checkChannel(channel, settings);
  }
  const isCsv = Object.values(inputs).every((settings) => csvTypes.includes(contentTypeOf(settings)));
  return { base, isCsv, hyperparameters: hyperparameters as Record<string, string>, channels, checkpoints: await checkpointFolder(base, path.join(config, 'checkpointconfig.json')) };
}

/** SageMaker writes the file where the job has a CheckpointConfig; its paths lie in /opt/ml, which is the base folder here. */
async function checkpointFolder(base: string, file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  const { LocalPath: folder = '/opt/ml/checkpoints' } = await readObject(file);
  if (typeof folder !== 'string' || !path.posix.normalize(folder).startsWith('/opt/ml/')) {
    throw new JobConfigError(`${file} has the LocalPath ${JSON.stringify(folder)}, expected a folder under /opt/ml, such as /opt/ml/checkpoints.`);
  }
  return path.join(base, path.posix.relative('/opt/ml', folder));
}

function checkChannel(channel: string, settings: unknown): void {
  const { TrainingInputMode: mode } = (settings ?? {}) as Record<string, unknown>;
  const type = contentTypeOf(settings);
  if (!contentTypes.includes(type)) {
    throw new JobConfigError(`Channel '${channel}' has the content type ${type}, expected application/x-parquet or text/csv: the laptop's trainer reads no other.`);
  }
  if (mode !== undefined && mode !== 'File') throw new JobConfigError(`Channel '${channel}' has the input mode ${JSON.stringify(mode)}, expected File.`);
}

function contentTypeOf(settings: unknown): string {
  const { ContentType: contentType } = (settings ?? {}) as Record<string, unknown>;
  return typeof contentType === 'string' ? (contentType.split(';')[0] ?? '').trim().toLowerCase() : '(none, which means text/libsvm)';
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new JobConfigError(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}); SageMaker puts it there before the container starts.`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new JobConfigError(`${file} holds no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new JobConfigError(`${file} holds ${JSON.stringify(value)}, expected a JSON object.`);
  return value as Record<string, unknown>;
}
