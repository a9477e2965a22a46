import { sha256 } from '../shared/digest.ts';

/** A dataset object whose content is pinned: by its version or, in a bucket without versions, by its ETag. */
export interface PinnedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag?: string;
}

/** Step Functions allows 80; the hash and its hyphen take 13. */
const stemLength = 60;

/**
 * The name of the execution for an object: readable, and the same for the same content, so that an event that arrives twice starts one run.
 * `raw/flights/march 2001.parquet` gives `march-2001-3f2a9c0d1b4e`.
 */
export function executionName(object: PinnedObject): string {
  const file = object.key.split('/').at(-1) ?? '';
  const stem = file.replace(/(\.[A-Za-z0-9]{1,8})+$/, '').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, stemLength);
  const hash = sha256(JSON.stringify([object.bucket, object.key, object.versionId ?? object.etag ?? ''])).slice(0, 12);
  return `${stem === '' ? 'data' : stem}-${hash}`;
}

/** The ARN that an execution of this name has, whether it was started now or before. */
export function executionArn(stateMachineArn: string, name: string): string {
  const [partition, service, region, account, , machine] = stateMachineArn.split(':').slice(1);
  return ['arn', partition, service, region, account, 'execution', machine, name].join(':');
}

/** Why an object starts no run, or undefined where it does. */
export function ignoredBecause(key: string, prefix: string): string | undefined {
  if (!key.startsWith(prefix)) return `'${key}' is not under '${prefix}'.`;
  if (key.endsWith('/')) return `'${key}' is a folder, not a file.`;
  return undefined;
}

/** A listed object. */
export interface ListedObject {
  readonly key: string;
  readonly lastModified: Date;
}

/** The newest file of a listing; of two that are equally new the one whose key sorts last. */
export function newest(objects: Iterable<ListedObject>): ListedObject | undefined {
  let best: ListedObject | undefined;
  for (const object of objects) {
    if (object.key.endsWith('/')) continue;
    const newer = best === undefined ? 1 : object.lastModified.getTime() - best.lastModified.getTime();
    if (newer > 0 || (newer === 0 && best !== undefined && object.key > best.key)) best = object;
  }
  return best;
}
