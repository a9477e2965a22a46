import type { NormalizedSchema } from '@smithy/core/schema';
import type { Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { rpcJson } from '../codecs.ts';
import { declaredError, errorMembers, queryCompatible, type Protocol, type Reply, type WireResponse } from '../protocol.ts';

/** awsJson 1.0 and 1.1: `X-Amz-Target: Service.Operation`, JSON both ways. */
export const awsJson: Protocol = {
  async operationName(request) {
    return request.headers['x-amz-target']?.split('.').at(-1) ?? '';
  },

  async readInput(request, operation) {
    const body = await request.body();
    return parse(() => rpcJson.createDeserializer().read(operation.input, body.length > 0 ? body.toString('utf8') : '{}'));
  },

  writeOutput(output, operation, reply) {
    return { status: 200, headers: headers(reply), body: jsonBody(operation.output, output) };
  },

  writeError(error, reply) {
    const declared = declaredError(error, reply);
    const name = declared?.name ?? error.code;
    const namespaced = reply.model && declared ? `${reply.model.namespace}#${name}` : name;
    return {
      status: error.statusCode,
      headers: { ...headers(reply), 'x-amzn-errortype': name, ...queryCompatible(error, reply) },
      body: JSON.stringify({ __type: namespaced, ...errorMembers(error, declared) }),
    };
  },
};

function headers(reply: Reply): Record<string, string> {
  return { 'content-type': reply.request.headers['content-type'] ?? 'application/x-amz-json-1.1' };
}

function jsonBody(schema: NormalizedSchema, output: Output): WireResponse['body'] {
  if (!schema.isStructSchema()) return '{}';
  const serializer = rpcJson.createSerializer();
  serializer.write(schema, output);
  return serializer.flush();
}

/** Runs a body's parser; what it throws is the client's mistake. */
export async function parse<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new AwsError('SerializationException', `The body cannot be read: ${(error as Error).message}`);
  }
}
