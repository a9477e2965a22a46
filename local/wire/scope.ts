import type { WireRequest } from './request.ts';

/** Where a signature stands in a request. */
export type SignedParts = Pick<WireRequest, 'headers' | 'query'>;

/** What a signature says about who calls which service; the signature itself is not verified here. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** Absent from S3's older presigned URLs. */
  readonly region?: string;
  /** The SigV4 service name. */
  readonly service: string;
  readonly sessionToken?: string;
}

/** Reads the credential scope from the Authorization header or, for a presigned URL, from the query; undefined when unsigned. */
export function credentialScope(request: SignedParts): CredentialScope | undefined {
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential');
  if (credential === null) return olderPresigned(request);
  // The access key may hold slashes in theory; the four fields behind it cannot.
  const fields = credential.split('/');
  const [, region, service] = fields.slice(-4);
  const accessKeyId = fields.slice(0, -4).join('/');
  if (!accessKeyId || region === undefined || service === undefined) return undefined;
  const sessionToken = request.headers['x-amz-security-token'] ?? request.query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId, region, service, ...(sessionToken !== undefined && { sessionToken }) };
}

/** S3's Signature Version 2 in a query, which boto3 still presigns with where nothing else is configured. */
function olderPresigned({ query }: SignedParts): CredentialScope | undefined {
  const accessKeyId = query.get('AWSAccessKeyId');
  if (accessKeyId === null || !query.has('Signature')) return undefined;
  const sessionToken = query.get('x-amz-security-token');
  return { accessKeyId, service: 's3', ...(sessionToken !== null && { sessionToken }) };
}
