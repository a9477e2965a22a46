import { setTimeout as sleep } from 'node:timers/promises';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { versionHeader } from '../../model/serving/http/version-names.ts';
import { s3 } from '../shared/clients/s3.ts';
import type { Answer, Endpoint } from './check.ts';

/** How long one request may take; a cold start that downloads a model is within it. */
const requestTimeout = 20_000;

/** The API, with each request signed by the function's own credentials: an API with IAM authorisation answers it, any other ignores the signature. */
export function signedEndpoint(baseUrl: string): Endpoint {
  const signer = new SignatureV4({ service: 'execute-api', region: s3.config.region, credentials: s3.config.credentials, sha256: Sha256 });
  const url = baseUrl.replace(/\/+$/, '');
  return {
    url,
    now: () => Date.now(),
    sleep: async (milliseconds) => sleep(milliseconds),
    send: async (path, body, version) => send(signer, new URL(`${url}${path}`), body, version),
  };
}

async function send(signer: SignatureV4, url: URL, content: unknown, version: string | undefined): Promise<Answer> {
  const body = content === undefined ? undefined : JSON.stringify(content);
  const method = body === undefined ? 'GET' : 'POST';
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(version === undefined ? {} : { [versionHeader]: version }) },
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(body === undefined ? {} : { body }),
  });
  const startedAt = performance.now();
  try {
    const response = await fetch(url, { method, headers: signed.headers, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(requestTimeout) });
    return { url: url.href, status: response.status, body: await response.text(), milliseconds: performance.now() - startedAt };
  } catch (error) {
    return { url: url.href, status: 0, body: String((error as Error).cause ?? error), milliseconds: performance.now() - startedAt };
  }
}
