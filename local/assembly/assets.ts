import path from 'node:path';
import { readJson } from './json.ts';

/** A file asset: where it lies, and under which bucket and key a template refers to it. */
export interface FileAsset {
  /** A directory or a single file. */
  readonly path: string;
  /** May hold `${AWS::AccountId}`, `${AWS::Region}` and `${AWS::Partition}`. */
  readonly bucketName: string;
  readonly objectKey: string;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string }; readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>> }>>;
}

/** Reads an asset manifest; assets that an executable makes while deploying have no path and are left out. */
export function readAssetManifest(file: string): FileAsset[] {
  const { files = {} } = readJson<AssetManifest>(file);
  return Object.values(files).flatMap(({ source, destinations }) => {
    const { path: relative } = source;
    if (relative === undefined) return [];
    return Object.values(destinations).map(({ bucketName, objectKey }) => ({ path: path.resolve(path.dirname(file), relative), bucketName, objectKey }));
  });
}

/** Where the placeholders of an asset's bucket name point. */
export interface AssetEnvironment {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** Finds assets by the bucket and key that a resolved template names. */
export function assetLocator(assets: readonly FileAsset[], environment: AssetEnvironment): (bucket: string, key: string) => string | undefined {
  const places = new Map(assets.map((asset) => locatedAsset(asset, environment)).map(({ bucketName, objectKey, path: file }) => [`${bucketName}/${objectKey}`, file]));
  return (bucket, key) => places.get(`${bucket}/${key}`);
}

/** An asset with its bucket and key as they are in an account and region. */
export function locatedAsset({ path: file, bucketName, objectKey }: FileAsset, environment: AssetEnvironment): FileAsset {
  return { path: file, bucketName: substitute(bucketName, environment), objectKey: substitute(objectKey, environment) };
}

function substitute(text: string, { accountId, region, partition }: AssetEnvironment): string {
  return text.replaceAll('${AWS::AccountId}', accountId).replaceAll('${AWS::Region}', region).replaceAll('${AWS::Partition}', partition);
}
