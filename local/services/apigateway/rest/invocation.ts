import { randomUUID } from 'node:crypto';
import type { CallerIdentity } from '../invocation.ts';
import type { ApiRequest } from '../request.ts';
import type { MethodMatch } from './definition.ts';
import type { RestStageProperties } from './types.ts';

/** What an authorizer function told of a caller: `principalId` and its own context. */
export type RestAuthorizerContext = Readonly<Record<string, unknown>>;

/** What authorization found out. */
export interface RestAuthorized {
  readonly iam?: CallerIdentity;
  readonly custom?: RestAuthorizerContext;
  /** The API key that the authorizer chose. */
  readonly usageIdentifierKey?: string;
}

/** The API key that a request was counted on. */
export interface UsedKey {
  readonly id: string;
  readonly value: string;
}

/** A request for which a method was found: what an event, a template and an access log are made of. */
export interface RestInvocation {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: RestStageProperties;
  readonly match: MethodMatch;
  /** REST APIs call requests by two ids. */
  readonly requestId: string;
  /** The path without the stage, percent-decoded. */
  readonly path: string;
  readonly request: ApiRequest;
  readonly body: Buffer;
  readonly isBinary: boolean;
  readonly authorized?: RestAuthorized;
  readonly key?: UsedKey;
}

/** A request's id as REST APIs have it. */
export function newRequestId(): string {
  return randomUUID();
}

/** Whether a body of this media type is bytes to the API. */
export function isBinaryType(contentType: string | undefined, binaryMediaTypes: readonly string[] = []): boolean {
  const type = contentType?.split(/[;,]/)[0]?.trim().toLowerCase() ?? '';
  return binaryMediaTypes.some((binary) => binary === '*/*' || binary.toLowerCase() === type);
}
