import type { NormalizedSchema } from '@smithy/core/schema';
import { queryScalars, xmlCodec } from '../codecs.ts';
import { declaredError, errorStatus, type Protocol, type Reply } from '../protocol.ts';
import type { WireRequest } from '../request.ts';
import { element, innerXml } from '../xml.ts';
import { parse } from './aws-json.ts';

/** awsQuery: form parameters in (`Entries.member.1.Id=..`), XML out. */
export const awsQuery: Protocol = {
  async operationName(request) {
    return (await parameters(request)).get('Action') ?? '';
  },

  async readInput(request, operation) {
    const tree = nest(await parameters(request));
    return parse(() => readStructure(operation.input, tree));
  },

  writeOutput(output, operation, reply) {
    const xmlNamespace = reply.model?.xmlNamespace ?? '';
    let result = '';
    if (operation.output.isStructSchema()) {
      const serializer = xmlCodec('', false).createSerializer();
      serializer.write(operation.output, output);
      result = `<${operation.name}Result>${innerXml(String(serializer.flush()))}</${operation.name}Result>`;
    }
    const body = `<${operation.name}Response xmlns="${xmlNamespace}">${result}${metadata(reply)}</${operation.name}Response>`;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body };
  },

  writeError(error, reply) {
    const declared = declaredError(error, reply);
    const status = errorStatus(error, declared);
    const fields = Object.entries({ Type: status < 500 ? 'Sender' : 'Receiver', Code: declared?.queryCode ?? error.code, Message: error.message, ...error.fields });
    const content = fields.map(([name, value]) => element(name, value)).join('');
    const body = `<ErrorResponse xmlns="${reply.model?.xmlNamespace ?? ''}"><Error>${content}</Error>${element('RequestId', reply.requestId)}</ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  },
};

function metadata(reply: Reply): string {
  return `<ResponseMetadata>${element('RequestId', reply.requestId)}</ResponseMetadata>`;
}

async function parameters(request: WireRequest): Promise<URLSearchParams> {
  return request.method === 'POST' ? new URLSearchParams((await request.body()).toString('utf8')) : request.query;
}

/** Dotted parameter names as a tree; a node holds its own text and its children. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

function nest(flat: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, text] of flat) {
    let node = root;
    for (const segment of name.split('.')) {
      let child = node.children.get(segment);
      if (!child) node.children.set(segment, (child = { children: new Map() }));
      node = child;
    }
    node.text = text;
  }
  return root;
}

function readStructure(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (child) structure[name] = readValue(member, child);
  }
  return structure;
}

function readValue(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return queryScalars.read(schema, node.text ?? '');
}

function readList(schema: NormalizedSchema, node: Node): unknown[] {
  const item = schema.getValueSchema();
  const items = schema.getMergedTraits().xmlFlattened ? node : node.children.get(item.getMergedTraits().xmlName ?? 'member');
  return inOrder(items).map((child) => readValue(item, child));
}

function readMap(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const pairs = inOrder(entries).map((entry): [string, unknown] => {
    const held = entry.children.get(value.getMergedTraits().xmlName ?? 'value');
    return [entry.children.get(key.getMergedTraits().xmlName ?? 'key')?.text ?? '', held && readValue(value, held)];
  });
  return Object.fromEntries(pairs);
}

/** The numbered children of a list or map, by their number. */
function inOrder(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])].sort(([left], [right]) => Number(left) - Number(right)).map(([, child]) => child);
}
