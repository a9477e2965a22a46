import { restJson as codec } from '../codecs.ts';
import { declaredError, errorMembers, errorStatus, type Protocol } from '../protocol.ts';
import { findRoute } from '../route.ts';
import { readBindings, writeBindings, type BodyFormat } from './rest.ts';

const json: BodyFormat = {
  contentType: 'application/json',
  read: (schema, body) => codec.createDeserializer().read(schema, body.toString('utf8')),
  write(schema, value) {
    const serializer = codec.createSerializer();
    serializer.write(schema, value);
    return serializer.flush();
  },
};

/** restJson1: operations by method and path, JSON bodies. */
export const restJson: Protocol = {
  async operationName(request, model) {
    return findRoute(model, request)?.operation.name ?? `${request.method} ${request.path}`;
  },

  async readInput(request, operation, model) {
    return readBindings(request, operation, findRoute(model, request)?.labels ?? {}, json);
  },

  writeOutput(output, operation) {
    return writeBindings(output, operation, json);
  },

  writeError(error, reply) {
    const declared = declaredError(error, reply);
    return {
      status: errorStatus(error, declared),
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': declared?.name ?? error.code },
      body: JSON.stringify(errorMembers(error, declared)),
    };
  },
};
