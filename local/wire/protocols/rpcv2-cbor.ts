import { cbor } from '../codecs.ts';
import { declaredError, errorMembers, queryCompatible, type Protocol } from '../protocol.ts';
import { parse } from './aws-json.ts';

const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };

/** Smithy RPC v2 with CBOR: `POST /service/{service}/operation/{operation}`. */
export const rpcv2Cbor: Protocol = {
  async operationName(request) {
    return request.path.split('/').at(-1) ?? '';
  },

  async readInput(request, operation) {
    const body = await request.body();
    return body.length > 0 ? parse(() => cbor.createDeserializer().read(operation.input, body)) : {};
  },

  writeOutput(output, operation) {
    const serializer = cbor.createSerializer();
    serializer.write(operation.output, operation.output.isStructSchema() ? output : {});
    return { status: 200, headers: { ...headers }, body: serializer.flush() };
  },

  writeError(error, reply) {
    const declared = declaredError(error, reply);
    const namespace = declared ? `${reply.model?.namespace}#` : '';
    const serializer = cbor.createSerializer();
    // Schema 15 is Smithy's document: a value that describes itself.
    serializer.write(15, { __type: `${namespace}${declared?.name ?? error.code}`, ...errorMembers(error, declared) });
    return { status: error.statusCode, headers: { ...headers, ...queryCompatible(error, reply) }, body: serializer.flush() };
  },
};
