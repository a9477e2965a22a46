import type { Answer } from '../answer.ts';
import { describeValue, RequestError } from '../errors.ts';
import type { HttpResponse } from '../http/message.ts';
import type { ModelIdentity } from '../live-models.ts';
import { datatypes } from './datatypes.ts';
import { binaryOf } from './elements.ts';
import type { InferRequest } from './request.ts';
import type { Output } from './signature.ts';

/** How many bytes of a body are JSON, where binary data follow. */
export const jsonLengthHeader = 'inference-header-content-length';

/** An output that was asked for. */
export interface WantedOutput {
  readonly output: Output;
  readonly isBinary: boolean;
}

/** The outputs that a request asks for, in its order; all where it names none. @throws RequestError */
export function wantedOutputs({ outputs, parameters }: InferRequest, all: readonly Output[]): readonly WantedOutput[] {
  const isBinary = parameters?.['binary_data_output'] === true;
  if (outputs === undefined || outputs.length === 0) return all.map((output) => ({ output, isBinary }));
  return outputs.map(({ name, parameters: own }, index) => {
    const output = all.find((candidate) => candidate.name === name);
    if (output === undefined) throw new RequestError('UnknownField', [{ field: `outputs[${String(index)}].name`, found: describeValue(name), expected: `one of ${all.map((candidate) => candidate.name).join(', ')}` }]);
    const wanted = own?.['binary_data'];
    return { output, isBinary: typeof wanted === 'boolean' ? wanted : isBinary };
  });
}

/** The answer to an inference request: JSON, and behind it the outputs that are wanted in binary form. */
export function inferResponse({ id }: InferRequest, identity: ModelIdentity, wanted: readonly WantedOutput[], answers: readonly Answer[]): HttpResponse {
  const binaries: Buffer[] = [];
  const outputs = wanted.map(({ output: { name, datatype, shape, elements }, isBinary }) => {
    const tensor = { name, datatype, shape: shape.map((size) => (size === -1 ? answers.length : size)) };
    if (!isBinary) return { ...tensor, data: elements(answers) };
    const binary = binaryOf(elements(answers), datatypes.get(datatype)!);
    binaries.push(binary);
    return { ...tensor, parameters: { binary_data_size: binary.length } };
  });
  const json = JSON.stringify({ model_name: identity.modelName, model_version: identity.modelVersion, ...(id === undefined ? {} : { id }), outputs });
  const headers = { 'cache-control': 'no-store' };
  if (binaries.length === 0) return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body: json };
  const head = Buffer.from(json, 'utf8');
  return { status: 200, headers: { 'content-type': 'application/octet-stream', [jsonLengthHeader]: String(head.length), ...headers }, body: Buffer.concat([head, ...binaries]) };
}
