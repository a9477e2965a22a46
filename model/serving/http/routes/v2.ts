import { RequestError } from '../../errors.ts';
import type { Served } from '../../live-models.ts';
import { inferRequestOf, rowsOf } from '../../oip/request.ts';
import { inferResponse, jsonLengthHeader, wantedOutputs } from '../../oip/response.ts';
import { inputsOf, outputsOf } from '../../oip/signature.ts';
import { bodyOf } from '../body.ts';
import type { Call } from '../call.ts';
import { HttpError, jsonResponse } from '../error.ts';
import { parseJson } from '../json.ts';
import { acceptedOf, contentTypeOf } from '../media-types.ts';
import type { HttpResponse } from '../message.ts';

const mediaTypes = ['application/json', 'application/octet-stream'];

/** What serves. */
export function serverMetadata(): HttpResponse {
  return jsonResponse(200, { name: 'slipway', version: serverVersion, extensions: ['binary_tensor_data'] });
}

/** Of the contract that is served: it changes with what callers may rely on. */
const serverVersion = '1.0.0';

/** It answers, so it lives. */
export function serverLive(): HttpResponse {
  return jsonResponse(200, { live: true });
}

/** As the protocol has it, whose key is `live` here too. */
export async function serverReady({ ports }: Call): Promise<HttpResponse> {
  await ports.all();
  return jsonResponse(200, { live: true });
}

/** Whether a model is live. */
export async function modelReady(call: Call, name: string, version?: string): Promise<HttpResponse> {
  const { identity } = await chosen(call, name, version);
  return jsonResponse(200, { name: identity.modelName, ready: true });
}

/** What a model takes and answers. */
export async function modelMetadata(call: Call, name: string, version?: string): Promise<HttpResponse> {
  const { identity, model } = await chosen(call, name, version);
  const live = (await call.ports.all()).filter((served) => served.identity.modelName === name);
  return jsonResponse(200, {
    name: identity.modelName,
    versions: live.map((served) => served.identity.modelVersion),
    platform: 'onnx_onnxv1',
    inputs: inputsOf(model.schema.columns),
    outputs: outputsOf(model.description).map(({ name: output, datatype, shape }) => ({ name: output, datatype, shape })),
  });
}

/** Predicts the rows of the input tensors. */
export async function infer(call: Call, name: string, version?: string): Promise<HttpResponse> {
  const { headers } = call.request;
  contentTypeOf(headers, mediaTypes);
  acceptedOf(headers, mediaTypes);
  const { json, binary } = partsOf(await bodyOf(call.request, call.ports.maximumBytes), headers[jsonLengthHeader]);
  const request = inferRequestOf(parseJson(json));
  const { model, identity } = await chosen(call, name, version);
  const wanted = wantedOutputs(request, outputsOf(model.description));
  const rows = rowsOf(request, binary, model.schema, call.ports.maximumRows);
  const answers = await model.predict(rows);
  call.rows = rows.length;
  return inferResponse(request, identity, wanted, answers);
}

function partsOf(body: Buffer, jsonLength: string | undefined): { json: Buffer; binary?: Buffer } {
  if (jsonLength === undefined) return { json: body };
  const length = /^\d{1,15}$/.test(jsonLength) ? Number(jsonLength) : Infinity;
  if (length > body.length) throw new RequestError('MalformedData', [{ field: 'Inference-Header-Content-Length', found: jsonLength.slice(0, 40), expected: `at most the body's ${String(body.length)} bytes` }]);
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}

async function chosen(call: Call, name: string, version: string | undefined): Promise<Served> {
  const named = (await call.ports.all()).filter(({ identity }) => identity.modelName === name);
  const [first] = named;
  if (first === undefined) {
    const expected = [...new Set((await call.ports.all()).map(({ identity }) => identity.modelName))].join(' or ');
    const found = JSON.stringify(name.slice(0, 100));
    throw new HttpError(404, 'ModelNotFound', `The model ${found} is not live, expected ${expected}.`, { details: [{ field: 'model', found, expected }] });
  }
  const served = await call.choose(version);
  // Live models may have different names: then the one that has this name answers.
  return named.includes(served) ? served : (call.served = first);
}
