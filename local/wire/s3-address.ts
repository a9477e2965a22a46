import type { WireRequest } from './request.ts';
import { decodePart } from './uri.ts';

/** A request with the bucket taken out of its path or host name. */
export interface S3Address {
  readonly bucket?: string;
  /** The path behind the bucket, still percent-encoded, with its leading slash. */
  readonly path: string;
}

/** Host names that carry a bucket: `bucket.localhost`, `bucket.s3.localhost`, `bucket.s3.eu-west-1.amazonaws.com`. */
const virtualHost = /^(?<bucket>.+?)(?:\.s3(?:[.-][a-z0-9-]+)*?)?\.(?:localhost|amazonaws\.com)$/;

/** Reads virtual-host style and path style addresses alike. */
export function s3Address(request: Pick<WireRequest, 'host' | 'path'>): S3Address {
  const host = request.host.replace(/:\d+$/, '');
  const bucket = virtualHost.exec(host)?.groups?.['bucket'];
  if (bucket !== undefined && !/^s3(?:\.|$)/.test(bucket)) return { bucket, path: request.path };
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(request.path) ?? [];
  return first === '' ? { path: '/' } : { bucket: decodePart(first), path: rest === '' ? '/' : rest };
}
