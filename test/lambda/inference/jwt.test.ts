import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenChecker } from '../../../lambda/inference/authorization/jwt.ts';

const keys: object[] = [];
let isDown = false;
let keyReads = 0;
let issuer = '';
let first: CryptoKey;

const server = createServer((request, response) => {
  const answer = (value: object) => response.writeHead(isDown ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.url === '/.well-known/openid-configuration') return answer({ issuer, jwks_uri: `${issuer}/keys` });
  keyReads += 1;
  return answer({ keys });
});

async function newKey(kid: string): Promise<CryptoKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' });
  return privateKey;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  first = await newKey('first');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const claims = { aud: 'own', scope: 'read predict' };
const token = (more: Record<string, unknown> = {}, key = first, kid = 'first', expires: number | string = '5m') =>
  new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'ES256', kid }).setIssuer(issuer).setExpirationTime(expires).sign(key);
const checker = (scopes: string[] = [], more: object = {}) => new TokenChecker({ kind: 'jwt', issuer, audience: ['own'], scopes, ...more });
const request = (authorization?: string) => ({ method: 'POST', path: '/predict', query: '', headers: (authorization === undefined ? {} : { authorization }) as Record<string, string>, body: Buffer.alloc(0), requestId: 'r' });
const bearer = async (text: string | Promise<string>, tokens = checker()) => tokens.check(request(`Bearer ${await text}`));
const unsigned = (payload: object) => [{ alg: 'none' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + '.';

describe('tokens', () => {
  it('of the issuer, for this API, are accepted; its keys are read once', async () => {
    const tokens = checker(['predict']);
    keyReads = 0;
    for (let count = 0; count < 3; count += 1) await bearer(token(), tokens);
    expect(keyReads).toBe(1);
  });

  it('of Cognito name a client instead of an audience', async () => {
    await bearer(token({ aud: undefined, client_id: 'own' }));
    await expect(bearer(token({ aud: undefined, client_id: 'other' }))).rejects.toMatchObject({ status: 401 });
  });

  it('signed by a key that the issuer has had since are accepted: its keys are read again', async () => {
    const tokens = new TokenChecker({ kind: 'jwt', issuer, audience: ['own'], scopes: [], jwksUri: `${issuer}/keys` });
    const second = await newKey('second');
    await bearer(token({}, second, 'second'), tokens);
  });

  it.each<[string, () => Promise<string> | string, RegExp]>([
    ['of nobody', () => '', /no token|not valid/],
    ['that are none', () => 'a.b.c', /not valid/],
    ['without a signature', () => unsigned({ ...claims, iss: issuer, exp: 9e9 }), /not valid/],
    ['that have expired', () => token({}, first, 'first', 1), /expired/],
    ['for another service', () => token({ aud: ['other'] }), /audience/],
    ['of another issuer', () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'first' }).setIssuer('https://other').setExpirationTime('5m').sign(first), /not valid/],
    ['without an end', () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'first' }).setIssuer(issuer).sign(first), /not valid/],
    ['signed by another key of the same name', async () => token({}, (await generateKeyPair('ES256')).privateKey), /not valid/],
    ['signed by a key that nobody knows', async () => token({}, (await generateKeyPair('ES256')).privateKey, 'nobody'), /not valid/],
    ['signed with the public key as a shared secret', () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).setIssuer(issuer).setExpirationTime('5m').sign(new TextEncoder().encode(JSON.stringify(keys[0]))), /not valid/],
  ])('%s are refused', async (_, text, message) => {
    await expect(bearer(text())).rejects.toMatchObject({ status: 401, code: 'Unauthorized', message: expect.stringMatching(message) as string, headers: { 'www-authenticate': expect.stringContaining('Bearer') as string } });
  });

  it('without the scope are refused as such, in either of its forms', async () => {
    await expect(bearer(token({ scope: 'read' }), checker(['predict']))).rejects.toMatchObject({ status: 403, code: 'Forbidden' });
    await bearer(token({ scope: undefined, scp: ['predict'] }), checker(['predict']));
  });

  it('cannot be told from wrong ones while the issuer is away; the next request asks it again', async () => {
    const tokens = checker();
    isDown = true;
    await expect(bearer(token(), tokens)).rejects.toMatchObject({ status: 503, code: 'AuthorizationUnavailable' });
    isDown = false;
    await bearer(token(), tokens);
  });
});
