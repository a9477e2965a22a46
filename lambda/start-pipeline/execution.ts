import { sha256 } from '../shared/digest.ts';

/** A dataset whose content is told apart from any other of the same key: an object by its version, or its ETag where it has none; a folder by its marker's version, or a digest of its listing. */
export interface PinnedDataset {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag?: string;
}

/** Step Functions allows 80; the hash and its hyphen take 13. */
const stemLength = 60;

/**
 * The name of the execution for a dataset: readable, and the same for the same content, so that an event that arrives twice starts one run.
 * `raw/flights/march 2001.parquet` gives `march-2001-3f2a9c0d1b4e`, `raw/flights/2001-03/` gives `2001-03-` and a hash.
 */
export function executionName(object: PinnedDataset): string {
  const file = object.key.split('/').findLast((part) => part !== '') ?? '';
  const stem = file.replace(/(\.[A-Za-z0-9]{1,8})+$/, '').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, stemLength);
  const hash = sha256(JSON.stringify([object.bucket, object.key, object.versionId ?? object.etag ?? ''])).slice(0, 12);
  return `${stem === '' ? 'data' : stem}-${hash}`;
}

/** The ARN that an execution of this name has, whether it was started now or before. */
export function executionArn(stateMachineArn: string, name: string): string {
  const [partition, service, region, account, , machine] = stateMachineArn.split(':').slice(1);
  return ['arn', partition, service, region, account, 'execution', machine, name].join(':');
}
