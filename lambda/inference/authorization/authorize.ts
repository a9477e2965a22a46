import type { HttpRequest } from '../../../model/serving/http/message.ts';
import { readDigests } from '../../shared/api-keys/read-digests.ts';
import { parse } from '../../shared/payload.ts';
import { KeyChecker } from './api-keys.ts';
import { authorizationSchema } from './config.ts';
import { TokenChecker } from './jwt.ts';

/** Checks who calls. @throws HttpError 401, 403, or 503 where it cannot be told */
export type Authorize = (request: HttpRequest) => Promise<void>;

/**
 * The check that the environment asks for.
 * @param text the variable AUTHORIZATION
 * @throws PayloadInvalid where it is none
 */
export function authorizer(text: string, onFailure: (message: string, details: Readonly<Record<string, unknown>>) => void): Authorize {
  const authorization = parse(authorizationSchema, JSON.parse(text), 'AUTHORIZATION');
  if (authorization.kind === 'frontDoor') return () => Promise.resolve();
  if (authorization.kind === 'jwt') {
    const tokens = new TokenChecker(authorization);
    return (request) => tokens.check(request);
  }
  const { header, secrets } = authorization;
  const keys = new KeyChecker(header, Object.keys(secrets), {
    readDigests: (client) => readDigests(secrets[client]!),
    now: () => Date.now(),
    onFailure: (client, error) => { onFailure('The digests of API keys cannot be read', { client, error }); },
  });
  return (request) => keys.check(request);
}
