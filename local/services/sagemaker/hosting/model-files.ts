import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { extract } from 'tar';
import type { LaptopContext } from '../../../core/context.ts';
import { JobFailure, S3Transfer } from '../training/s3-transfer.ts';
import { containerOf } from './check.ts';
import type { ModelInput } from './record.ts';

/**
 * Puts a model's files into a folder as SageMaker puts them into `/opt/ml/model`: an archive unpacked, anything else as it lies in S3.
 * @throws {JobFailure} when they cannot be fetched under the model's role, or the archive is none
 */
export async function placeModel(context: LaptopContext, model: ModelInput, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { ModelDataUrl: url, ModelDataSource: source } = containerOf(model);
  const transfer = new S3Transfer(context, model.ExecutionRoleArn ?? '', model.ModelName);
  const data = source?.S3DataSource;
  if (data !== undefined && data.CompressionType !== 'Gzip') {
    if (data.S3DataType === 'S3Prefix') await transfer.fetchAll(data.S3Uri, folder);
    else await transfer.get(data.S3Uri, path.join(folder, path.posix.basename(data.S3Uri)));
    return;
  }
  const archive = data?.S3Uri ?? url;
  if (archive === undefined) return;
  const file = `${folder}.tar.gz`;
  await transfer.get(archive, file);
  try {
    await extract({ file, cwd: folder, strict: true });
  } catch (error) {
    throw new JobFailure(`ClientError: the model data at ${archive} cannot be unpacked: ${(error as Error).message}. Expected a .tar.gz.`);
  } finally {
    rmSync(file, { force: true });
  }
}
