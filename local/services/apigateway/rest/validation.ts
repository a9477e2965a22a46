import { fromJSONSchema } from 'zod';
import type { ZodType } from 'zod';
import type { MethodTable } from './definition.ts';
import { RestError } from './errors.ts';
import type { RestInvocation } from './invocation.ts';
import type { MethodProperties, ModelProperties } from './types.ts';

/**
 * Refuses what the method's validator refuses, before any backend sees it.
 * @throws {RestError} 400
 */
export function validateRequest({ definition }: MethodTable, invocation: RestInvocation): void {
  const { method } = invocation.match;
  const validator = definition.validators[method.RequestValidatorId ?? ''];
  if (String(validator?.ValidateRequestParameters) === 'true') checkParameters(method, invocation);
  if (String(validator?.ValidateRequestBody) === 'true') checkBody(definition.models, method, invocation);
}

function checkParameters({ RequestParameters = {} }: MethodProperties, { request, match }: RestInvocation): void {
  const query = new URLSearchParams(request.rawQueryString);
  const sources: Readonly<Record<string, (name: string) => string | null | undefined>> = {
    header: (name) => request.headers[name.toLowerCase()],
    querystring: (name) => query.get(name),
    path: (name) => match.pathParameters[name],
  };
  const missing = Object.entries(RequestParameters).flatMap(([source, isRequired]) => {
    const [, kind = '', name = ''] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(source) ?? [];
    return String(isRequired) === 'true' && !sources[kind]?.(name) ? [name] : [];
  });
  if (missing.length > 0) throw new RestError('BAD_REQUEST_PARAMETERS', { message: `Missing required request parameters: [${missing.join(', ')}]` });
}

function checkBody(models: Readonly<Record<string, ModelProperties>>, { RequestModels = {} }: MethodProperties, { request, body }: RestInvocation): void {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'application/json';
  const name = RequestModels[type] ?? RequestModels['$default'];
  const model = name === undefined ? undefined : models[name];
  if (model?.Schema === undefined) return;
  const parsed = readJson(body);
  if (parsed === undefined || !validatorOf(model).safeParse(parsed.value).success) throw new RestError('BAD_REQUEST_BODY');
}

function readJson(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString()) as unknown };
  } catch {
    return undefined;
  }
}

const validators = new WeakMap<ModelProperties, ZodType>();

function validatorOf(model: ModelProperties): ZodType {
  const known = validators.get(model);
  if (known !== undefined) return known;
  const made = schemaOf(model);
  validators.set(model, made);
  return made;
}

/** @throws when the model's schema is none */
export function schemaOf({ Schema: schema }: ModelProperties): ZodType {
  const document = (typeof schema === 'string' ? JSON.parse(schema) : schema) as Parameters<typeof fromJSONSchema>[0];
  return fromJSONSchema(document);
}
