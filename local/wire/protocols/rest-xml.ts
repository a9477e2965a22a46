import { xmlCodec } from '../codecs.ts';
import type { ServiceModel } from '../model.ts';
import { errorStatus, declaredError, type Protocol, type WireResponse } from '../protocol.ts';
import type { WireRequest } from '../request.ts';
import { findRoute, type Route } from '../route.ts';
import { s3Address } from '../s3-address.ts';
import { element, escapeXml } from '../xml.ts';
import { readBindings, writeBindings, type BodyFormat } from './rest.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function xmlFormat(model: ServiceModel): BodyFormat {
  const codec = xmlCodec(model.xmlNamespace, true);
  return {
    contentType: 'application/xml',
    read: (schema, body) => codec.createDeserializer().read(schema, body),
    write(schema, value) {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      return declaration + String(serializer.flush());
    },
  };
}

/** restXml as S3 speaks it: the bucket in the path or in the host name, errors without a wrapper. */
export const restXml: Protocol = {
  async operationName(request, model) {
    return route(request, model)?.operation.name ?? `${request.method} ${request.path}`;
  },

  async readInput(request, operation, model) {
    const { bucket } = s3Address(request);
    const labels = { ...route(request, model)?.labels, ...(bucket !== undefined && { Bucket: bucket }) };
    return readBindings(request, operation, labels, xmlFormat(model));
  },

  writeOutput(output, operation, reply) {
    const model = reply.model;
    if (!model) throw new Error('An operation without a model has no output to write.');
    // The one output whose root element is its only member.
    if (operation.name === 'GetBucketLocation') {
      const body = `${declaration}<LocationConstraint xmlns="${model.xmlNamespace}">${escapeXml(String(output['LocationConstraint'] ?? ''))}</LocationConstraint>`;
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    }
    const response = writeBindings(output, operation, xmlFormat(model));
    // A part of an object is partial content, which its model leaves unsaid.
    return output['ContentRange'] === undefined ? response : { ...response, status: 206 };
  },

  writeError(error, reply): WireResponse {
    const status = errorStatus(error, declaredError(error, reply));
    const fields = Object.entries({ Code: error.code, Message: error.message, ...error.fields, RequestId: reply.requestId, HostId: reply.requestId });
    const body = `${declaration}<Error>${fields.map(([name, value]) => element(name, value)).join('')}</Error>`;
    if (reply.request.method === 'HEAD' || status === 304) return { status, headers: {} };
    return { status, headers: { 'content-type': 'application/xml' }, body };
  },
};

/** Operations on a bucket are candidates where the address names one, and the others where it names none. */
function route(request: WireRequest, model: ServiceModel): Route | undefined {
  const { bucket, path } = s3Address(request);
  return findRoute(model, { method: request.method, path, query: request.query, headers: request.headers }, (operation) => takesBucket(operation) === (bucket !== undefined));
}

function takesBucket({ input }: Route['operation']): boolean {
  return input.isStructSchema() && [...input.structIterator()].some(([name]) => name === 'Bucket');
}
