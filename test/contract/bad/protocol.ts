import type { BadRequest } from '../bad-requests.ts';
import { request, type Row, rows } from '../cases.ts';
import { modelName } from '../model.ts';
import { as, binaryRequest, type Tensor, tensorsOf } from '../oip.ts';
import type { Random } from '../random.ts';
import { maximumRows } from '../target.ts';

const several = (random: Random): Row[] => Array.from({ length: 1 + random.below(4) }, () => ({ ...random.of(rows), passengers: 3, weekend: true }));
const infer = (body: object | string | Buffer, headers: Record<string, string> = {}) => request('POST', `/v2/models/${modelName}/infer`, body, headers);
const change = (tensors: readonly Tensor[], name: string, more: object): Tensor[] => tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...more } : tensor));
const json = { 'content-type': 'application/json' };

/** What is wrong with requests of the Open Inference Protocol. */
export const badProtocol: Readonly<Record<string, BadRequest>> = {
  'no inputs': (random) => ({ request: infer(random.of([{}, { inputs: [] }, { inputs: null }, { inputs: {} }, { inputs: 'start' }, { instances: [1] }])), status: 400, names: 'inputs' }),
  'an input that is no object': (random) => ({ request: infer({ inputs: [random.of([null, 1, 'start', [], true])] }), status: 400, names: 'inputs[0]' }),
  'an unknown input': (random) => ({ request: infer({ inputs: [...tensorsOf(several(random)), { name: random.of(['speed', '__proto__', 'constructor', '', 7, null, ['start']]), shape: [1], datatype: 'FP32', data: [1] }] }), status: 400, names: 'inputs[6].name' }),
  'an input twice': (random) => {
    const tensors = tensorsOf(several(random));
    return { request: infer({ inputs: [...tensors, tensors[1]] }), status: 400, names: 'distance' };
  },
  'an input that must not be missing': (random) => ({ request: infer({ inputs: tensorsOf(several(random), ['distance', 'station']) }), status: 400, names: 'start' }),
  'a wrong shape': (random) => {
    const name = random.of(['start', 'distance', 'note']);
    return { request: infer({ inputs: change(tensorsOf(several(random)), name, { shape: random.of([[], [1, 2], [0], [-1, 1], [1.5], ['1'], 'x', null, { 0: 1 }, [1, 1, 1], [Number.MAX_VALUE], [2 ** 60]]) }) }), status: 400, names: `${name}.shape` };
  },
  'a shape that does not fit its data': (random) => {
    const rowsSent = several(random);
    return { request: infer({ inputs: change(tensorsOf(rowsSent), 'start', { shape: [rowsSent.length + 1] }) }), status: 400, names: 'start.data' };
  },
  'tensors of different lengths': (random) => {
    const rowsSent = several(random);
    return { request: infer({ inputs: change(tensorsOf(rowsSent), 'distance', { shape: [rowsSent.length + 1, 1], data: [...rowsSent.map(() => 1), 1] }) }), status: 400, names: 'distance.shape' };
  },
  'data that are nested in another way': (random) => ({ request: infer({ inputs: change(tensorsOf([rows[1]!, rows[2]!]), 'distance', { data: random.of([[[1, 2]], [[1], 2], [[[1], [2]]], [[1], [2], [3]], [[1, 2], [3, 4]]]) }) }), status: 400, names: 'distance.data' }),
  'data that are no list': (random) => ({ request: infer({ inputs: change(tensorsOf(several(random)), 'distance', { data: random.of([1, 'x', null, {}, undefined]) }) }), status: 400, names: 'distance.data' }),
  'an unknown datatype': (random) => ({ request: infer({ inputs: as(tensorsOf(several(random)), 'distance', random.of(['FLOAT', 'fp32', 'BF16', '', 'constructor', 'INT128'])) }), status: 400, names: 'distance.datatype' }),
  'a datatype that a column does not take': (random) => {
    const [name, datatype] = random.of([['distance', 'BYTES'], ['distance', 'BOOL'], ['start', 'INT64'], ['weekend', 'UINT8'], ['station', 'FP32'], ['passengers', 'BOOL']] as const);
    return { request: infer({ inputs: as(tensorsOf(several(random)), name, datatype) }), status: 400, names: `${name}.datatype` };
  },
  'an element that its datatype does not take': (random) => {
    const [name, datatype, value] = random.of([['distance', 'UINT8', 256], ['distance', 'UINT8', -1], ['distance', 'INT8', 128], ['distance', 'INT16', 32_768], ['distance', 'UINT16', 65_536], ['distance', 'INT32', 2 ** 31], ['distance', 'UINT32', 2 ** 32], ['distance', 'INT64', 2 ** 60], ['distance', 'UINT64', -1], ['distance', 'INT32', 1.5], ['distance', 'FP16', 65_505], ['distance', 'FP32', 1e39], ['distance', 'FP64', '1'], ['distance', 'FP32', true], ['weekend', 'BOOL', 1], ['station', 'BYTES', 1], ['note', 'BYTES', [1]], ['start', 'BYTES', 20010307]] as const);
    const rowsSent = several(random);
    const at = random.below(rowsSent.length);
    return { request: infer({ inputs: change(tensorsOf(rowsSent), name, { datatype, data: rowsSent.map((_, index) => (index === at ? value : null)) }) }), status: 400, names: `${name}[${String(at)}]` };
  },
  'an element that its column does not take': (random) => {
    const [name, value] = random.of([['distance', -1], ['distance', 1e39], ['passengers', 10], ['passengers', 0], ['station', 'nowhere'], ['start', 'noon'], ['start', null], ['start', '2026-03-07T14:05:00Z'], ['note', '\ud800']] as const);
    const rowsSent = several(random);
    const at = random.below(rowsSent.length);
    rowsSent[at] = { ...rowsSent[at], [name]: value };
    return { request: infer({ inputs: tensorsOf(rowsSent) }), status: 400, names: `${name}[${String(at)}]` };
  },
  'an unknown output': (random) => ({ request: infer({ inputs: tensorsOf(several(random)), outputs: [{ name: 'prediction' }, { name: random.of(['label', '__proto__', 1, null]) }] }), status: 400, names: 'outputs[1].name' }),
  'outputs that are none': (random) => ({ request: infer({ inputs: tensorsOf(several(random)), outputs: random.of(['prediction', { name: 'prediction' }, [null], ['prediction'], 1]) }), status: 400, names: 'outputs' }),
  'an id that is none': (random) => ({ request: infer({ id: random.of([1, null, {}, []]), inputs: tensorsOf(several(random)) }), status: 400, names: 'id' }),
  'parameters that are none': (random) => random.of([
    { request: infer({ inputs: tensorsOf(several(random)), parameters: random.of([1, [], 'x', null]) }), status: 400, names: 'parameters' },
    { request: infer({ inputs: change(tensorsOf(several(random)), 'start', { parameters: 1 }) }), status: 400, names: 'inputs[0].parameters' },
  ]),
  'too many rows': (random) => ({ request: infer({ inputs: [{ name: 'start', shape: [random.of([maximumRows + 1, 1e9])], datatype: 'BYTES', data: [] }] }), status: 413, names: 'start.shape' }),
  'no such model': (random) => {
    const name = random.of(['other', 'TRIPS', '__proto__', 'constructor', '%ff']);
    return { request: request(random.of(['GET', 'GET']), `/v2/models/${name}${random.of(['', '/ready', '/versions/1'])}`), status: 404, names: modelName };
  },
  'no such version': (random) => ({ request: request('POST', `/v2/models/${modelName}/versions/${random.of(['99', '0', 'latest'])}/infer`, { inputs: tensorsOf(several(random)) }), status: 404, names: 'is not live' }),
  'no such route': (random) => ({ request: request('GET', random.of(['/v2/models', '/v2/nothing', `/v2/models/${modelName}/stats`, `/v2/models/${modelName}/versions`, '/v2/repository/index'])), status: 404, names: '/v2/models/{model}' }),
  'a wrong method': (random) => ({ request: request(random.of(['GET', 'PUT']), `/v2/models/${modelName}/infer`), status: 405, names: 'POST' }),
  'a content type that is not read': (random) => ({ request: infer(JSON.stringify({ inputs: tensorsOf(several(random)) }), { 'content-type': random.of(['text/csv', 'application/x-npy', 'text/plain']) }), status: 415, names: 'application/json, application/octet-stream' }),
  'no JSON': (random) => ({ request: infer(random.of(['', '{', '[]', 'null', '{"inputs":[{"name":NaN}]}', `{"inputs":${'['.repeat(10_000)}`]), json), status: 400, names: 'error' }),
  'a header that is no length': (random) => {
    const { body, headers } = binaryRequest(tensorsOf(several(random)).slice(0, 1));
    return { request: infer(body, { ...headers, 'inference-header-content-length': random.of(['-1', 'x', '1e3', '999999999', '0x10', '']) }), status: 400, names: 'Inference-Header-Content-Length', isNoText: true };
  },
  'a header that is another length': (random) => {
    const { body, headers } = binaryRequest(tensorsOf(several(random)).slice(0, 1));
    return { request: infer(body, { ...headers, 'inference-header-content-length': String(Number(headers['inference-header-content-length']) + random.of([-1, 1, -20])) }), status: 400, names: 'error', isNoText: true };
  },
  'binary data without the header': (random) => {
    const { body } = binaryRequest(tensorsOf(several(random)).slice(0, 1));
    const [text = ''] = body.toString('latin1').split('\x13\0\0\0');
    return { request: infer(text, json), status: 400, names: 'start.parameters.binary_data_size' };
  },
  'binary data of another size': (random) => {
    const rowsSent = several(random);
    const { body, headers } = binaryRequest(tensorsOf(rowsSent, ['start', 'distance']));
    const cut = random.of([body.subarray(0, body.length - 1 - random.below(7)), Buffer.concat([body, Buffer.from('x')])]);
    return { request: infer(cut, headers), status: 400, names: cut.length < body.length ? 'distance' : 'body', isNoText: true };
  },
  'binary data and JSON at once': (random) => {
    const rowsSent = several(random);
    const tensors = tensorsOf(rowsSent, ['start']).map((tensor) => ({ ...tensor, parameters: { binary_data_size: 0 } }));
    const text = JSON.stringify({ inputs: tensors });
    return { request: infer(text, { ...json, 'inference-header-content-length': String(text.length) }), status: 400, names: 'start.data' };
  },
  'texts that are cut off': (random) => {
    const text = JSON.stringify({ inputs: [{ name: 'start', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: 8 } }] });
    return { request: infer(Buffer.concat([Buffer.from(text), random.of([Buffer.from([255, 255, 255, 255, 1, 2, 3, 4]), Buffer.from([1, 0, 0, 0, 0xff, 1, 0, 0]), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0])])]), { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(text.length) }), status: 400, names: 'start', isNoText: true };
  },
  'a binary element that its column does not take': (random) => {
    const { body, headers } = binaryRequest(tensorsOf([{ start: '2026-03-07T14:05:00', distance: random.of([-1, Infinity, -Infinity, 1e300]) }], ['start', 'distance']));
    return { request: infer(body, headers), status: 400, names: 'distance[0]', isNoText: true };
  },
};
