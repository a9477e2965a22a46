import { jsonType, mediaTypes } from '../../formats/formats.ts';
import type { Call } from '../call.ts';
import { jsonResponse } from '../error.ts';
import { acceptedOf, contentTypeOf } from '../media-types.ts';
import type { HttpResponse } from '../message.ts';
import { formatted } from './predict.ts';
import { predictions } from './predictions.ts';

const customAttributes = 'x-amzn-sagemaker-custom-attributes';

/** SageMaker's bound on the header. */
const longestAttributes = 1024;

/**
 * SageMaker's contract: `{"instances": [row, ..]}` is answered by `{"predictions": [..]}`; the other formats are answered in the same one, unless another is
 * asked for. What the caller sends as custom attributes comes back with the model's version behind it.
 */
export async function invocations(call: Call): Promise<HttpResponse> {
  const { headers } = call.request;
  const type = contentTypeOf(headers, mediaTypes);
  const answerType = acceptedOf(headers, [type, ...mediaTypes.filter((other) => other !== type)]);
  const predicted = await predictions(call, type, 'instances');
  const response = answerType === jsonType ? jsonResponse(200, { predictions: predicted.answers }) : formatted(predicted, answerType);
  return { ...response, headers: { ...response.headers, [customAttributes]: attributesOf(headers[customAttributes], predicted.served.identity.modelVersion) } };
}

function attributesOf(sent: string | undefined, version: string): string {
  const ours = `model_version=${version}`;
  const all = sent === undefined || sent === '' ? ours : `${sent},${ours}`;
  // Only what may stand in the header: what else was sent is no reason to refuse a prediction.
  return all.length <= longestAttributes && /^[\x20-\x7e]*$/.test(all) ? all : ours;
}
