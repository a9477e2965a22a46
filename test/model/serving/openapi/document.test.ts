import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodCases, type Case } from '../../../contract/cases.ts';
import { badRequests } from '../../../contract/bad-requests.ts';
import { protocolCases } from '../../../contract/oip-cases.ts';
import { inProcess } from '../../../contract/suite.ts';
import type { Target } from '../../../contract/target.ts';
import { openApiMetaSchema } from './meta-schema.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, Media> };
  readonly responses: Record<string, { content?: Record<string, Media> }>;
}
interface Media {
  readonly schema: object;
  readonly example?: unknown;
}
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } };

let target: Target;
let document: Document;
let ajv: Ajv2020;

beforeAll(async () => {
  target = await inProcess();
  const { body } = await target.send({ method: 'GET', path: '/openapi.json', headers: {}, body: Buffer.alloc(0) });
  document = JSON.parse(body.toString()) as Document;
  ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true, validateFormats: false, allErrors: true });
  ajv.addVocabulary(['openapi', 'info', 'servers', 'paths', 'components']);
  ajv.addSchema({ $id: 'openapi', ...document });
});
afterAll(() => target.close?.());

/** A schema of the document, whose references are the document's. */
const validate = (schema: object, value: unknown): string => {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
  const check = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
  compiled.set(text, check);
  return check(value) ? '' : ajv.errorsText(check.errors);
};
const compiled = new Map<string, ReturnType<Ajv2020['compile']>>();

const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
const media = () => operations().flatMap(({ path, operation }) => [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) => Object.entries(part?.content ?? {}).map(([type, content]) => ({ path, type, content }))));

test('the document is one of OpenAPI 3.1', () => {
  const check = new Ajv2020({ strict: false });
  expect(check.validate(openApiMetaSchema, document), check.errorsText()).toBe(true);
});

test('every schema is one of JSON Schema, and every example fits its own', () => {
  for (const { path, type, content } of media()) {
    expect(() => validate(content.schema, null), `${path} ${type}`).not.toThrow();
    if ('example' in content) expect(validate(content.schema, content.example), `${path} ${type}`).toBe('');
  }
  expect(media().filter(({ content }) => 'example' in content).length).toBeGreaterThan(8);
});

test('each operation has a name of its own, and each parameter of a path is declared', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), path).toEqual(declared);
  }
});

test('the example of a prediction is one', async () => {
  const { requestBody, responses } = document.paths['/predict']!['post']!;
  const answer = await target.send({ method: 'POST', path: '/predict', headers: {}, body: Buffer.from(JSON.stringify(requestBody!.content['application/json']!.example)) });
  const { requestId: _, ...expected } = responses['200']!.content!['application/json']!.example as Record<string, unknown>;
  expect(JSON.parse(answer.body.toString())).toMatchObject(expected);
});

const operationOf = ({ request: { method, path } }: Case): Operation | undefined => {
  const [plain = ''] = path.split('?');
  const found = Object.keys(document.paths).find((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(plain));
  return found === undefined ? undefined : document.paths[found]![method.toLowerCase()];
};
const isJson = (headers: Readonly<Record<string, string>>): boolean => /^application\/json\b/i.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;

test('what is answered, good or bad, is what the document says', async () => {
  const cases = [...Object.values(goodCases).flat(), ...protocolCases('1'), ...badRequests(300)].filter((one) => one.request.method !== 'HEAD');
  let checked = 0;
  for (const one of cases) {
    const operation = operationOf(one);
    if (operation === undefined) continue;
    const { status, headers, body } = await target.send(one.request);
    const response = operation.responses[String(status)];
    expect(response, `${one.title}: ${one.request.path} answers ${String(status)}`).toBeDefined();
    const type = (headers['content-type'] ?? '').split(';')[0]!;
    if (body.length === 0) continue;
    expect(Object.keys(response!.content ?? {}), one.title).toContain(type);
    if (type !== 'application/json') continue;
    expect(validate(response!.content![type]!.schema, JSON.parse(body.toString())), one.title).toBe('');
    checked += 1;
  }
  expect(checked).toBeGreaterThan(300);
});

test('a body that is served fits the schema, and one whose value is refused does not', () => {
  let [fitting, refused] = [0, 0];
  for (const one of [...Object.values(goodCases).flat(), ...protocolCases('1')].filter(({ request }) => isJson(request.headers) && request.headers['inference-header-content-length'] === undefined)) {
    const schema = operationOf(one)?.requestBody?.content['application/json']?.schema;
    if (schema === undefined) continue;
    expect(validate(schema, JSON.parse(one.request.body.toString())), one.title).toBe('');
    fitting += 1;
  }
  // Other kinds are no JSON, or are about versions, or what no schema can say.
  const kinds = /^(a value of|a value outside|an unknown field|a missing field|a list of a wrong|no row|several things|too many rows \(|no rows|another field|a field beside)/;
  for (const one of badRequests().filter(({ title, request }) => kinds.test(title) && isJson(request.headers) && !request.path.startsWith('/v2'))) {
    // A date that no calendar has is a pattern's, but no date.
    if (one.request.body.includes('2026-02-30')) continue;
    expect(validate(operationOf(one)!.requestBody!.content['application/json']!.schema, JSON.parse(one.request.body.toString())), `${one.title} ${one.request.body.toString().slice(0, 200)}`).not.toBe('');
    refused += 1;
  }
  expect([fitting > 60, refused > 50]).toEqual([true, true]);
});
