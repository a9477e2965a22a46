import { gzipSync } from 'node:zlib';
import { type Case, request, type Row, rows } from './cases.ts';
import { modelName } from './model.ts';
import { as, binaryRequest, nested, type Tensor, tensorsOf } from './oip.ts';

const ok = (title: string, sent: Case['request']): Case => ({ title, request: sent, status: 200 });

/** Rows in which nothing is missing that binary data cannot say. */
const whole: readonly Row[] = rows.slice(0, 12).map((row, index) => ({ ...row, passengers: 1 + (index % 9), weekend: index % 2 === 0, station: 'north', note: index % 3 === 0 ? '' : 'größe' }));
/** Whole numbers that every datatype can hold. */
const small: readonly Row[] = whole.map((row, index) => ({ ...row, distance: 1 + index * 9 }));
const numeric = ['FP16', 'FP32', 'FP64', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'];

/** Requests of the Open Inference Protocol that are as they should be. @param version the one that is live */
export function protocolCases(version: string): readonly Case[] {
  const infer = (body: object | Buffer, headers: Record<string, string> = {}) => request('POST', `/v2/models/${modelName}/infer`, body, headers);
  const json = (inputs: readonly Tensor[], more: object = {}) => infer({ inputs, ...more });
  const binary = (...parameters: Parameters<typeof binaryRequest>) => {
    const { body, headers } = binaryRequest(...parameters);
    return infer(body, headers);
  };
  return [
    ...['/v2', '/v2/', '/v2/health/live', '/v2/health/ready', `/v2/models/${modelName}`, `/v2/models/${modelName}/ready`, `/v2/models/${modelName}/versions/${version}`, `/v2/models/${modelName}/versions/${version}/ready`]
      .map((path) => ok(path, request('GET', path))),
    ok('all rows', json(tensorsOf(rows))),
    ...rows.slice(0, 10).map((row, index) => ok(`row ${String(index)}`, json(tensorsOf([row]), { id: `r${String(index)}` }))),
    ok('of a version', request('POST', `/v2/models/${modelName}/versions/${version}/infer`, { inputs: tensorsOf(whole) })),
    ok('a name that is encoded', request('POST', '/v2/models/%74rips/infer', { inputs: tensorsOf(whole) })),
    ok('nested data', json(tensorsOf(rows).map(nested))),
    ok('a shape of one dimension', json(tensorsOf(rows).map((tensor) => ({ ...tensor, shape: [rows.length] })))),
    ok('tensors that are left out', json(tensorsOf(rows, ['start', 'station']))),
    ok('in another order', json(tensorsOf(rows).toReversed())),
    ok('parameters and extensions that nobody knows', json(tensorsOf(whole).map((tensor) => ({ ...tensor, parameters: { content_type: 'np', priority: 1 } })), { id: 'with all', parameters: { timeout: 1000, sequence_id: 7 }, extension: true })),
    ok('one output', json(tensorsOf(whole), { outputs: [{ name: 'probabilities' }] })),
    ok('outputs in another order', json(tensorsOf(whole), { outputs: [{ name: 'probabilities', parameters: { classification: 2 } }, { name: 'prediction' }] })),
    ok('no outputs in the list', json(tensorsOf(whole), { outputs: [] })),
    ...numeric.flatMap((datatype) => [
      ok(`${datatype} in JSON`, json(as(tensorsOf(small), 'distance', datatype))),
      ok(`${datatype} in binary`, binary(as(tensorsOf(small), 'distance', datatype))),
      ok(`whole numbers as ${datatype} in binary`, binary(as(tensorsOf(small), 'passengers', datatype))),
    ]),
    ok('all in binary', binary(tensorsOf(whole.map((row) => ({ ...row, distance: 7.3 }))), { id: 'b' })),
    ok('some in binary', binary(tensorsOf(rows), {}, (name) => name === 'start' || name === 'distance')),
    ok('NaN is missing', binary(tensorsOf(rows, ['start', 'distance']))),
    ok('answers in binary', json(tensorsOf(rows), { parameters: { binary_data_output: true } })),
    ok('one answer in binary', json(tensorsOf(rows), { outputs: [{ name: 'prediction' }, { name: 'probabilities', parameters: { binary_data: true } }] })),
    ok('one answer not in binary', binary(tensorsOf(whole), { parameters: { binary_data_output: true }, outputs: [{ name: 'prediction', parameters: { binary_data: false } }, { name: 'probabilities' }] })),
    ok('binary, compressed', (({ body, headers }) => infer(gzipSync(body), { ...headers, 'content-encoding': 'gzip' }))(binaryRequest(tensorsOf(whole)))),
    ok('a header for JSON alone', infer(Buffer.from(JSON.stringify({ inputs: tensorsOf(whole) })), { 'inference-header-content-length': String(Buffer.byteLength(JSON.stringify({ inputs: tensorsOf(whole) }))) })),
  ];
}
