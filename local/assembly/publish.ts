import { readFileSync, statSync } from 'node:fs';
import type { Caller, Dispatch } from '../core/call.ts';
import { AwsError } from '../core/errors.ts';
import { locatedAsset } from './assets.ts';
import type { AssetEnvironment, FileAsset } from './assets.ts';

/**
 * Puts the assets that are single files where a deployment puts them, into the bucket of the bootstrapped account: jobs and functions
 * read them there. Folders (the code of functions) and templates are read from the assembly, where they are.
 */
export async function publishAssets(assets: readonly FileAsset[], environment: AssetEnvironment, dispatch: Dispatch, caller: Caller): Promise<void> {
  const call = async (operation: string, input: Record<string, unknown>, ...harmless: readonly string[]): Promise<boolean> => {
    try {
      await dispatch({ service: 's3', operation, input, caller });
      return true;
    } catch (error) {
      if (error instanceof AwsError && harmless.includes(error.code)) return false;
      throw error;
    }
  };
  for (const asset of assets.filter(({ path: file }) => !file.endsWith('.template.json') && statSync(file, { throwIfNoEntry: false })?.isFile() === true)) {
    const { bucketName: Bucket, objectKey: Key } = locatedAsset(asset, environment);
    await call('CreateBucket', { Bucket }, 'BucketAlreadyOwnedByYou');
    // A key is told by its content: what is there is the same.
    if (await call('HeadObject', { Bucket, Key }, 'NotFound', 'NoSuchKey')) continue;
    await call('PutObject', { Bucket, Key, Body: readFileSync(asset.path) });
  }
}
