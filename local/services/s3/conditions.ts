import { AwsError } from '../../core/errors.ts';
import { noSuchKey, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './records.ts';

/** The conditions of a write. */
export interface WriteConditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** The conditions of a read. */
export interface ReadConditions extends WriteConditions {
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

/** Checks a write's conditions against what it would replace; a delete marker counts as nothing there. */
export function checkWrite(key: string, current: ObjectVersion | undefined, { IfMatch, IfNoneMatch }: WriteConditions): void {
  const present = current?.deleteMarker ? undefined : current;
  if (IfMatch !== undefined) {
    if (!present) throw noSuchKey(key);
    if (!names(IfMatch, present.etag)) throw preconditionFailed('If-Match');
  }
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented: If-None-Match takes * on writes.', 501);
    if (present) throw preconditionFailed('If-None-Match');
  }
}

/** Checks a read's conditions: 412, or 304 where the client has it already. */
export function checkRead(version: ObjectVersion, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // HTTP dates know seconds alone.
  const modified = Math.floor(Date.parse(version.lastModified) / 1000) * 1000;
  if (IfMatch !== undefined && !names(IfMatch, version.etag)) throw preconditionFailed('If-Match');
  if (IfMatch === undefined && IfUnmodifiedSince && modified > IfUnmodifiedSince.getTime()) throw preconditionFailed('If-Unmodified-Since');
  if (IfNoneMatch !== undefined && names(IfNoneMatch, version.etag)) throw notModified();
  if (IfNoneMatch === undefined && IfModifiedSince && modified <= IfModifiedSince.getTime()) throw notModified();
}

function names(condition: string, etag: string): boolean {
  return condition === '*' || condition.split(',').some((tag) => tag.trim().replaceAll('"', '') === etag);
}

function notModified(): AwsError {
  return new AwsError('NotModified', 'Not Modified', 304);
}
