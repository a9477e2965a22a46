import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openApi } from './apigateway.harness.ts';
import type { ApiBench } from './apigateway.harness.ts';

let api: ApiBench;
let issuer: string;
let server: http.Server;
let key: CryptoKey;
let other: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  other = (await generateKeyPair('RS256')).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  server = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/pool/.well-known/openid-configuration' ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`;
});

afterAll(() => void server.close());

beforeEach(async () => {
  api = await openApi();
});

afterEach(() => api.bench.close());

async function withAuthorizer(Issuer: string, route: Record<string, unknown> = {}): Promise<void> {
  const { physicalId } = await api.bench.provision('AWS::ApiGatewayV2::Authorizer', 'Jwt', { ApiId: api.apiId, Name: 'jwt', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer, Audience: ['app', 'other'] } });
  await api.route('GET /a', { AuthorizationType: 'JWT', AuthorizerId: physicalId, ...route });
}

interface TokenOptions {
  readonly claims?: Record<string, unknown>;
  readonly by?: CryptoKey;
  readonly from?: string;
  readonly expires?: number;
}

const token = ({ claims = {}, by = key, from = issuer, expires = 60 }: TokenOptions = {}): Promise<string> =>
  new SignJWT({ aud: 'app', sub: 'me', scope: 'read write', groups: ['a', 'b'], age: 7, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'one' }).setIssuer(from).setIssuedAt().setExpirationTime(Math.floor(Date.now() / 1000) + expires).sign(by);

async function ask(authorization?: string): Promise<[status: number, body: string]> {
  const response = await fetch(`${api.url}/a`, { headers: authorization === undefined ? {} : { authorization } });
  return [response.status, await response.text()];
}

const unauthorized = [401, '{"message":"Unauthorized"}'];

it('lets a valid token through, and tells the function what it claims', async () => {
  await withAuthorizer(issuer);
  expect(await ask(`Bearer ${await token()}`)).toEqual([200, '']);
  expect(api.calls[0]!.event.requestContext.authorizer).toEqual({ jwt: { claims: expect.objectContaining({ iss: issuer, aud: 'app', sub: 'me', groups: '[a b]', age: '7', scope: 'read write' }) as unknown, scopes: null } });
  expect((await ask(await token({ claims: { aud: ['x', 'other'] } })))[0], 'without Bearer, with several audiences').toBe(200);
  expect((await ask(await token({ claims: { aud: undefined, client_id: 'app' } })))[0]).toBe(200);
});

it('refuses any other token with 401', async () => {
  await withAuthorizer(issuer);
  const bad = [undefined, '', 'Bearer x.y.z', await token({ by: other }), await token({ from: 'https://example.com' }), await token({ expires: -60 }), await token({ claims: { aud: 'someone' } }), await token({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } })];
  for (const authorization of bad) expect(await ask(authorization)).toEqual(unauthorized);
  expect(api.calls).toEqual([]);
  expect(api.bench.events.filter(({ type }) => type === 'notice')).toEqual([]);
});

it('asks for one of the route\'s scopes', async () => {
  await withAuthorizer(issuer, { AuthorizationScopes: ['admin', 'write'] });
  expect((await ask(await token()))[0]).toBe(200);
  expect(api.calls[0]!.event.requestContext.authorizer.jwt.scopes).toEqual(['read', 'write']);
  expect(await ask(await token({ claims: { scope: 'read' } }))).toEqual([403, '{"message":"Forbidden"}']);
  expect((await ask(await token({ claims: { scope: undefined, scp: ['admin'] } })))[0]).toBe(200);
});

it('refuses everyone while the issuer cannot be reached, and says so once', async () => {
  const closed = http.createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const gone = `http://127.0.0.1:${port}`;
  await withAuthorizer(gone);
  for (let index = 0; index < 2; index += 1) expect(await ask(await token({ from: gone }))).toEqual(unauthorized);
  const notices = api.bench.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices).toEqual([expect.stringMatching(new RegExp(`^Every token of ${gone} is refused: its keys cannot be had \\(.*ECONNREFUSED`))]);
});
