import { maximumBodyBytes } from '../../../model/serving/http/body.ts';
import type { BadRequest } from '../bad-requests.ts';
import { request } from '../cases.ts';
import { envelope, goodRow } from './envelopes.ts';

/** What is wrong with how a request is made, whatever it says. */
export const badRoutes: Readonly<Record<string, BadRequest>> = {
  'an unknown route': (random) => {
    const path = random.of(['/', '/predictions', '/predict/batch/more', '/constructor', '/__proto__', '/%2e%2e/etc/passwd', '/model', `/${'x'.repeat(300)}`]);
    return { request: request(random.of(['GET', 'POST']), path), status: 404, names: path.slice(0, 200) };
  },
  'a method that a route does not take': (random) => {
    const [method, path, allowed] = random.of([['GET', '/predict', 'POST'], ['GET', '/invocations', 'POST'], ['PUT', '/predict/batch', 'POST'], ['DELETE', '/model/info', 'GET'], ['POST', '/health', 'GET'], ['PATCH', '/ping', 'GET']] as const);
    return { request: request(method, path), status: 405, names: allowed };
  },
  'a content type that is not read': (random) => {
    const around = envelope(random);
    const type = random.of(['application/x-www-form-urlencoded', 'text/plain', 'application/xml', 'application/json5', 'multipart/form-data; boundary=x', 'application/x-recordio-protobuf', 'constructor', '/', ';', 'image/png']);
    return { request: request('POST', around.path, JSON.stringify(around.body(goodRow(random))), { 'content-type': type }), status: 415, names: 'application/json, application/jsonlines, text/csv' };
  },
  'an answer that is not written': (random) => {
    const around = envelope(random);
    const accept = random.of(['text/html', 'application/xml', 'image/*', 'application/json;q=0', 'text/csv;q=0, text/plain', 'x', 'application/x-recordio-protobuf', 'application/json;q=2']);
    return { request: request('POST', around.path, around.body(goodRow(random)), { accept }), status: 406, names: 'Accept' };
  },
  'a version that is not live': (random) => {
    const around = envelope(random);
    const version = random.of(['0', '99', 'latest', '__proto__', '', '1.0', ' 1', 'x'.repeat(400)]);
    return { request: request('POST', around.path, { ...around.body(goodRow(random)), model_version: version }), status: 404, names: 'model_version' };
  },
  'a version that is none': (random) => {
    const around = envelope(random);
    return { request: request('POST', around.path, { ...around.body(goodRow(random)), model_version: random.of([null, true, [], {}, 1.5, 1e300, ['1']]) }), status: 400, names: 'model_version' };
  },
  'two rows of CSV where one belongs': () => ({ request: request('POST', '/predict', '2026-03-07T14:05:00,1,1,true,north,x\n2026-03-07T14:05:00,1,1,true,north,x\n', { 'content-type': 'text/csv' }), status: 400, names: 'rows' }),
  'a body that is too large': (random) => ({ request: request('POST', envelope(random).path, large, { 'content-type': random.of(['application/json', 'text/csv']) }), status: 413, names: 'body' }),
};

const large = Buffer.alloc(maximumBodyBytes + 1, ' ');
