import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { create } from 'tar';

/** What is in a source folder and is no source. */
const leftOut = /(^|\/)(\.git|\.venv|__pycache__|\.DS_Store)(\/|$)|\.pyc$/;

/** A folder as a gzipped tar among the app's assets: CDK itself packs folders as zip alone, which SageMaker's training toolkit does not read. */
export function sourceAsset(scope: Construct, directory: string): Asset {
  const folder = FileSystem.mkdtemp('slipway-source-');
  const archive = path.join(folder, 'sourcedir.tgz');
  packSource(directory, archive);
  const asset = new Asset(scope, 'TrainingSource', { path: archive });
  // It has been copied into the assembly, but for an app that is synthesised without.
  if (scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT) === undefined) rmSync(folder, { recursive: true });
  return asset;
}

/** Packs a folder so that the same files make the same bytes on each machine: without times, owners and the order of the file system. */
export function packSource(directory: string, archive: string): void {
  create({ file: archive, cwd: directory, sync: true, gzip: true, portable: true, follow: true, mtime: new Date(0) }, sourceFiles(directory));
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !leftOut.test(file) && statSync(path.join(directory, file)).isFile())
    .sort();
}
