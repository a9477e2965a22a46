import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';

/** How an operation's package binds to HTTP when a request names neither target nor action. */
export type RestFormat = 'xml' | 'json';

/** An operation as its SDK client describes it. */
export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** `[method, uri template, status]` for REST protocols. */
  readonly http?: readonly [string, string, number];
  readonly rest: RestFormat;
}

/** An error that a service declares. */
export interface ErrorModel {
  readonly name: string;
  /** The code on the awsQuery wire, where it differs from the name. */
  readonly queryCode?: string;
  readonly status?: number;
  readonly schema: NormalizedSchema;
}

/** A service's operations and errors. */
export interface ServiceModel {
  readonly name: string;
  /** The Smithy namespace, such as `com.amazonaws.sqs`. */
  readonly namespace: string;
  readonly xmlNamespace: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: { readonly defaultNamespace: string; readonly xmlNamespace?: string };
}
type ClientConstructor = new (config: object) => { readonly config: ClientConfig };

const operationKind = 9;
const errorKind = -3;

/** Reads the schemas that SDK clients export: internals in effect, hence the pinned versions and the contract test. */
export function buildModel(name: string, clients: readonly Record<string, unknown>[]): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  const settings = clients.map((client) => readClient(client, operations, errors));
  // A handler may throw an error by its awsQuery code; names come first, since one's code may be another's name.
  for (const error of [...errors.values()]) if (error.queryCode !== undefined && !errors.has(error.queryCode)) errors.set(error.queryCode, error);
  const [first] = settings;
  if (!first) throw new Error(`The service ${name} lists no SDK client.`);
  return { name, namespace: first.defaultNamespace, xmlNamespace: first.xmlNamespace ?? '', operations, errors };
}

function readClient(client: Record<string, unknown>, operations: Map<string, OperationModel>, errors: Map<string, ErrorModel>): ClientConfig['protocolSettings'] {
  const { protocol, protocolSettings } = clientConfig(client);
  const rest: RestFormat = protocol.getShapeId().endsWith('Xml') ? 'xml' : 'json';
  for (const schema of Object.values(client)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === operationKind) {
      const operation = operationModel(schema as unknown as StaticOperationSchema, rest);
      operations.set(operation.name, operation);
    } else if (schema[0] === errorKind) {
      const error = errorModel(schema as unknown as StaticErrorSchema);
      errors.set(error.name, error);
    }
  }
  return protocolSettings;
}

function clientConfig(client: Record<string, unknown>): ClientConfig {
  const name = Object.keys(client).find((key) => key.endsWith('Client') && !key.startsWith('__') && key !== 'Client');
  const Client = client[name ?? ''] as ClientConstructor | undefined;
  if (!Client) throw new Error('An SDK package exports no client class: its version is not the one that the laptop is pinned to.');
  return new Client({ region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } }).config;
}

function operationModel(schema: StaticOperationSchema, rest: RestFormat): OperationModel {
  const [, , name, traits, input, output] = schema;
  const http = typeof traits === 'object' ? (traits.http as OperationModel['http']) : undefined;
  return { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output), rest, ...(http && { http }) };
}

function errorModel(schema: StaticErrorSchema): ErrorModel {
  const normalized = NormalizedSchema.of(schema);
  const { awsQueryError, httpError } = normalized.getMergedTraits() as { awsQueryError?: readonly [string, number]; httpError?: number };
  return { name: schema[2], schema: normalized, ...(awsQueryError && { queryCode: awsQueryError[0] }), ...(httpError !== undefined && { status: httpError }) };
}

/** The members of a structure that its model marks as required. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const raw: unknown = schema.getSchema();
  if (!Array.isArray(raw)) return [];
  // A static structure lists its required members first, and their number last.
  const names = raw[4] as readonly string[];
  return names.slice(0, (raw[6] as number | undefined) ?? 0);
}
