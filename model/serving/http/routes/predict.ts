import { formatOf, jsonType, mediaTypes } from '../../formats/formats.ts';
import type { Call } from '../call.ts';
import { jsonResponse } from '../error.ts';
import { acceptedOf, contentTypeOf } from '../media-types.ts';
import type { HttpResponse } from '../message.ts';
import { type Predictions, predictions } from './predictions.ts';

/** One row, `{"input": row}`. The answer is JSON, unless another format is asked for. */
export async function predict(call: Call): Promise<HttpResponse> {
  const type = contentTypeOf(call.request.headers, mediaTypes);
  const answerType = acceptedOf(call.request.headers, mediaTypes);
  const predicted = await predictions(call, type, 'input');
  return answerType === jsonType ? jsonResponse(200, { ...predicted.answers[0], ...names(call, predicted) }) : formatted(predicted, answerType);
}

/** Several rows, `{"inputs": [row, ..]}`, in their order. */
export async function predictBatch(call: Call): Promise<HttpResponse> {
  const type = contentTypeOf(call.request.headers, mediaTypes);
  const answerType = acceptedOf(call.request.headers, mediaTypes);
  const predicted = await predictions(call, type, 'inputs');
  return answerType === jsonType ? jsonResponse(200, { predictions: predicted.answers, ...names(call, predicted) }) : formatted(predicted, answerType);
}

/** The predictions alone in a format that has no place for more. */
export function formatted({ served, answers }: Predictions, type: string): HttpResponse {
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: formatOf(type).encode(answers, served.model.description) };
}

function names({ request }: Call, { served: { identity } }: Predictions): { modelName: string; modelVersion: string; requestId: string } {
  return { modelName: identity.modelName, modelVersion: identity.modelVersion, requestId: request.requestId };
}
