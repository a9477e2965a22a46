import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { writeServingModel } from '../../bench/serving/model.ts';
import { packModel, sourceFiles } from '../../lambda/shared/archive.ts';
import { sha256OfFile } from '../../lambda/shared/digest.ts';
import { startLaptop } from '../../local/index.ts';
import { type DeploymentRecord, recordSchema, type ServedModel } from '../../model/serving/record.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { recordKey } from '../../model/spec/layout.ts';

const bucket = 'soak-models';
const key = recordKey('soak');

/** A bucket with models and a deployment record, on the laptop's S3. */
export interface World {
  /** What a model server follows the record by. */
  readonly environment: Readonly<Record<string, string>>;
  /** Version 1, 2, .. */
  model(version: number): ServedModel;
  write(record: Pick<DeploymentRecord, 'stable' | 'canary'>): Promise<void>;
  close(): Promise<void>;
}

/** @param versions how many models there are, each another one */
export async function createWorld(folder: string, versions: number): Promise<World> {
  const app = new App({ outdir: path.join(folder, 'cdk.out') });
  new Bucket(new Stack(app, 'soak'), 'Models', { bucketName: bucket, versioned: true });
  app.synth();
  const laptop = await startLaptop({ assembly: path.join(folder, 'cdk.out'), stateDirectory: path.join(folder, 'state') });
  const { awsEndpoint: endpoint, credentials, region } = laptop;
  const s3 = new S3Client({ endpoint, credentials, region, forcePathStyle: true });
  const models: ServedModel[] = [];
  for (let version = 1; version <= versions; version += 1) models.push(await upload(s3, path.join(folder, `model-${String(version)}`), version));
  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      RECORD_BUCKET: bucket, RECORD_KEY: key, TARGET_NAME: 'soak',
    },
    model: (version) => models[version - 1]!,
    async write(parts) {
      const record = recordSchema.parse({ ...parts, updatedAt: new Date().toISOString(), run: 'soak' });
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(record) }));
    },
    async close() {
      s3.destroy();
      await laptop.close();
    },
  };
}

async function upload(s3: S3Client, folder: string, version: number): Promise<ServedModel> {
  await mkdir(folder, { recursive: true });
  await writeServingModel(folder, 99 + version);
  await cp(path.join(folder, 'model.ubj'), path.join(folder, sourceFiles.booster));
  const archive = path.join(folder, 'model.tar.gz');
  await packModel(folder, [...Object.values(modelFiles), sourceFiles.booster], archive);
  const artifact = { bucket, key: `models/${String(version)}/model.tar.gz`, sha256: await sha256OfFile(archive) };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: artifact.key, Body: await readFile(archive) }));
  return { modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/soak/${String(version)}`, modelName: 'soak', modelVersion: String(version), artifact };
}
