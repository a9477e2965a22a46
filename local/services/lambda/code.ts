import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzip } from '../../compute/unzip.ts';
import type { ProvisionContext } from '../../core/resource.ts';
import type { Collection, Store } from '../../core/store.ts';

/** The `Code` property of AWS::Lambda::Function. */
export interface CodeProperty {
  readonly ZipFile?: string;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
}

/**
 * The folder that holds a function's unpacked code. Inline code and zip files are unpacked once into `folder`, under the digest of what they hold.
 * @throws when the asset cannot be found, with where it was looked for
 */
export function codeDirectory(code: CodeProperty, provision: ProvisionContext, folder: string): string {
  if (code.ZipFile !== undefined) {
    const source = code.ZipFile;
    return once(folder, source, (target) => writeFileSync(path.join(target, 'index.js'), source));
  }
  const { S3Bucket: bucket, S3Key: key } = code;
  if (bucket === undefined || key === undefined) throw new Error('Code names neither ZipFile nor S3Bucket and S3Key: container images are not served on the laptop.');
  const asset = provision.assetPath(bucket, key);
  if (asset === undefined) throw new Error(`Code s3://${bucket}/${key} is no asset of this assembly: only code that the app itself brings can run.`);
  const stat = statSync(asset);
  if (stat.isDirectory()) return asset;
  return once(folder, `${asset} ${stat.size} ${stat.mtimeMs}`, (target) => unzip(asset, target));
}

function once(folder: string, identity: string, fill: (target: string) => void): string {
  const target = path.join(folder, createHash('sha256').update(identity).digest('hex').slice(0, 32));
  if (existsSync(target)) return target;
  mkdirSync(folder, { recursive: true });
  const partial = mkdtempSync(path.join(folder, 'partial-'));
  fill(partial);
  renameSync(partial, target);
  return target;
}

/**
 * Second names for functions' code, such as /var/task is on AWS: with no project above them whose node_modules would stand in for what a bundle
 * lacks, nor a package.json that would change what its `.js` files are.
 */
export class TaskRoots {
  /** The folders that hold the links, so that those of a killed laptop can be cleared away. */
  readonly #known: Collection<true>;

  constructor(store: Store) {
    this.#known = store.collection('lambda', 'task-root');
    for (const { id } of this.#known.list()) this.#clear(id);
  }

  /** @returns the new name of the code's folder */
  add(code: string): string {
    const parent = mkdtempSync(path.join(tmpdir(), 'var-'));
    this.#known.put(parent, true);
    const directory = path.join(parent, 'task');
    symlinkSync(code, directory);
    return directory;
  }

  /** Takes a name away again. */
  remove(directory: string): void {
    this.#clear(path.dirname(directory));
  }

  #clear(parent: string): void {
    rmSync(parent, { recursive: true, force: true });
    this.#known.delete(parent);
  }
}
