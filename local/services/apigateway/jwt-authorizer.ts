import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { LaptopContext } from '../../core/context.ts';
import { GatewayError } from './errors.ts';
import { identityOf } from './identity-source.ts';
import type { Invocation, JwtAuthorization } from './invocation.ts';
import type { AuthorizerProperties, RouteProperties } from './types.ts';

/** HTTP APIs take RSA signatures alone. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** How long an issuer may take to show its keys. */
const discoveryMilliseconds = 1500;

/** The keys of an issuer could not be had. */
class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Checks tokens by the keys that their issuers publish. */
export class JwtAuthorizers {
  readonly #context: LaptopContext;
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>();
  readonly #told = new Set<string>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /**
   * Asks whether a request's token opens the route.
   * @returns what it claims
   * @throws {GatewayError} 401 without a valid token, 403 where it lacks the route's scopes
   */
  async check(authorizer: AuthorizerProperties, { AuthorizationScopes: wanted = [] }: RouteProperties, invocation: Invocation): Promise<JwtAuthorization> {
    const { IdentitySource: [source = '$request.header.Authorization'] = [], JwtConfiguration: { Issuer: issuer = '', Audience: audience = [] } = {} } = authorizer;
    const token = identityOf(source, invocation)?.replace(/^Bearer\s+/i, '');
    if (token === undefined || token === '') throw new GatewayError(401, 'Unauthorized', 'The request has no token');
    const claims = await this.#verify(token, issuer);
    if (!isFor(claims, audience)) throw new GatewayError(401, 'Unauthorized', `The token's audience is ${JSON.stringify(claims.aud ?? claims['client_id'])}: expected one of ${audience.join(', ')}`);
    const scopes = scopesOf(claims);
    if (wanted.length > 0 && !wanted.some((scope) => scopes.includes(scope))) throw new GatewayError(403, 'Forbidden', `The token has the scopes "${scopes.join(' ')}": expected one of ${wanted.join(', ')}`);
    return { claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)])), scopes: wanted.length > 0 ? scopes : null };
  }

  async #verify(token: string, issuer: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, await this.#keysOf(issuer), { issuer, algorithms, currentDate: this.#context.clock.now(), requiredClaims: ['exp'] });
      return payload;
    } catch (error) {
      if (error instanceof IssuerUnreachable || isUnreachable(error)) {
        this.#keys.delete(issuer);
        this.#tell(issuer, error as Error);
        throw new GatewayError(401, 'Unauthorized', `The keys of ${issuer} cannot be had: ${(error as Error).message}`);
      }
      if (error instanceof errors.JOSEError) throw new GatewayError(401, 'Unauthorized', `The token does not hold: ${error.message}`);
      throw error;
    }
  }

  #keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#keys.get(issuer) ?? discover(issuer);
    this.#keys.set(issuer, known);
    return known;
  }

  /** Once an issuer: a laptop without a network must not fall silent about why it refuses everyone. */
  #tell(issuer: string, { message }: Error): void {
    if (this.#told.has(issuer)) return;
    this.#told.add(issuer);
    this.#context.emit({ type: 'notice', message: `Every token of ${issuer} is refused: its keys cannot be had (${message}). JWT authorizers need their issuer's network, or one on 127.0.0.1.` });
  }
}

/** Finds an issuer's keys as OpenID Connect says. @throws {IssuerUnreachable} */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(discoveryMilliseconds) });
    if (!response.ok) throw new Error(`its configuration answers ${response.status}`);
    const { jwks_uri: uri } = (await response.json()) as { jwks_uri?: unknown };
    if (typeof uri !== 'string') throw new Error('its configuration names no jwks_uri');
    return createRemoteJWKSet(new URL(uri), { timeoutDuration: discoveryMilliseconds });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new IssuerUnreachable(cause instanceof Error ? `${message}: ${cause.message}` : message, { cause: error });
  }
}

/** The key set itself could not be fetched, or was none. */
function isUnreachable(error: unknown): boolean {
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || (error instanceof TypeError && error.message === 'fetch failed') || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
}

/** `client_id` stands in where there is no `aud`. */
function isFor(claims: JWTPayload, audience: readonly string[]): boolean {
  if (audience.length === 0) return true;
  const named = [claims.aud ?? (claims['client_id'] as string | undefined) ?? []].flat();
  return named.some((name) => audience.includes(name));
}

function scopesOf(claims: JWTPayload): string[] {
  const value = claims['scope'] ?? claims['scp'];
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(' ').filter((scope) => scope !== '') : [];
}

/** Claims reach functions as text, lists in brackets. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
