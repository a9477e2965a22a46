import type { Call } from '../call.ts';
import { jsonResponse } from '../error.ts';
import type { HttpResponse } from '../message.ts';

/** 200 once a model is loaded and has predicted, else 503. */
export async function health({ ports }: Call): Promise<HttpResponse> {
  await ports.all();
  return jsonResponse(200, { status: 'healthy' });
}

/** SageMaker's health check: the same without a body. */
export async function ping({ ports }: Call): Promise<HttpResponse> {
  await ports.all();
  return { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
}
