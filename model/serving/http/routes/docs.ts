import { docsPage } from '../../docs-page/page.ts';
import { exampleRow } from '../../openapi/example.ts';
import type { Call } from '../call.ts';
import type { HttpResponse } from '../message.ts';

/** A page on which a person tries the model. */
export async function docs(call: Call): Promise<HttpResponse> {
  const served = await call.choose();
  const { html, contentSecurityPolicy } = docsPage(served, exampleRow(served.model));
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
  return { status: 200, headers, body: html };
}
