import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { HttpError } from '../../../model/serving/http/error.ts';
import type { HttpRequest } from '../../../model/serving/http/message.ts';
import type { Authorization } from './config.ts';

type JwtSettings = Extract<Authorization, { kind: 'jwt' }>;

/** How long an issuer may take to answer. */
const issuerTimeoutMs = 5_000;

/** Signatures that need no secret of ours: with a shared one whoever checks tokens could make them. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Checks tokens of an issuer. Its keys are kept, and read again where a token names one that is not among them. */
export class TokenChecker {
  private readonly settings: JwtSettings;
  private keys: Promise<JWTVerifyGetKey> | undefined;

  /** Nothing is read before the first request. */
  constructor(settings: JwtSettings) {
    this.settings = settings;
  }

  /** @throws HttpError 401 without a valid token, 403 where it has not the scope, 503 where it cannot be told. */
  async check({ headers }: HttpRequest): Promise<void> {
    const token = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
    if (token === undefined) throw refused('The request has no token, expected `Authorization: Bearer ..`.');
    const claims = await this.verified(token);
    const { audience, scopes } = this.settings;
    const given = audienceOf(claims);
    if (!audience.some((wanted) => given.includes(wanted))) throw refused('The token is for somebody else: its audience is not that of this API.');
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
      throw new HttpError(403, 'Forbidden', `The token lacks the scope, expected one of ${scopes.join(', ')}.`, { headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` } });
    }
  }

  private async verified(token: string): Promise<JWTPayload> {
    const { issuer } = this.settings;
    try {
      this.keys ??= this.open();
      return (await jwtVerify(token, await this.keys, { issuer, algorithms, requiredClaims: ['exp'] })).payload;
    } catch (error) {
      // Of the issuer that does not answer, or answers nonsense: the next request asks again.
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC') {
        this.keys = undefined;
        throw new HttpError(503, 'AuthorizationUnavailable', 'Whether the token is valid cannot be told at the moment: its issuer does not answer. Try again.', { headers: { 'retry-after': '1' }, cause: error });
      }
      throw refused(error instanceof errors.JWTExpired ? 'The token has expired.' : 'The token is not valid.', error);
    }
  }

  private async open(): Promise<JWTVerifyGetKey> {
    return createRemoteJWKSet(new URL(this.settings.jwksUri ?? (await discoveredKeys(this.settings.issuer))), { timeoutDuration: issuerTimeoutMs });
  }
}

async function discoveredKeys(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(issuerTimeoutMs) });
  if (!response.ok) throw new Error(`${url} answers ${String(response.status)}, expected the issuer's configuration.`);
  return z.object({ jwks_uri: z.url() }).parse(await response.json()).jwks_uri;
}

/** Cognito's access tokens have no audience but a client. */
function audienceOf({ aud, client_id: client }: JWTPayload): string[] {
  if (aud !== undefined) return [aud].flat();
  return typeof client === 'string' ? [client] : [];
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const texts = [scope, scp].flat().filter((value) => typeof value === 'string');
  return texts.flatMap((text) => text.split(' '));
}

function refused(message: string, cause?: unknown): HttpError {
  return new HttpError(401, 'Unauthorized', message, { headers: { 'www-authenticate': cause === undefined ? 'Bearer' : 'Bearer error="invalid_token"' }, cause });
}
