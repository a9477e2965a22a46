import { AwsError } from '../core/errors.ts';

/** Decodes a percent-encoded part of a path; what cannot be decoded is the client's mistake. */
export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: "${text}" is no percent-encoded UTF-8.`);
  }
}
