import { STSClient } from '@aws-sdk/client-sts';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { clientConfig, type Connection } from './connection.ts';

/** An answer of the prediction API. */
export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Sends JSON to the prediction API, signed for IAM authorization. @param service what is signed for: `execute-api` of API Gateway, `lambda` of function URLs */
export async function postSigned(connection: Connection, url: string, body: unknown, service = 'execute-api'): Promise<ApiResponse> {
  const target = new URL(url);
  const payload = JSON.stringify(body);
  const signer = new SignatureV4({
    service,
    ...(await signingIdentity(connection)),
    sha256: Sha256,
  });
  const signed = await signer.sign({
    method: 'POST',
    protocol: target.protocol,
    hostname: target.hostname,
    ...(target.port === '' ? {} : { port: Number(target.port) }),
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers: { 'host': target.host, 'content-type': 'application/json' },
    body: payload,
  });
  const { host: _, ...headers } = signed.headers;
  const response = await fetch(target, { method: 'POST', headers, body: payload });
  const text = await response.text();
  return { status: response.status, body: parsedAnswer(text) };
}

/** The keys and the region to sign with: the connection's, or those that the SDK finds as it does for its own calls. */
async function signingIdentity(connection: Connection): Promise<{ credentials: NonNullable<Connection['credentials']>; region: string }> {
  const { credentials, region } = connection;
  if (credentials !== undefined && region !== undefined) return { credentials, region };
  const { config } = new STSClient(clientConfig(connection));
  return { credentials: await config.credentials(), region: await config.region() };
}

/** An answer's JSON. */
export function parsedAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a gateway's own page, say: shown as it came
  }
}
