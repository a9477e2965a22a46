/** A JSON Schema of those parts of OpenAPI 3.1 that the document uses, closed: anything else is a mistake. Stated from the specification's text. */
const text = { type: 'string', minLength: 1 };
const object = (properties: Record<string, unknown>, required: string[] = []): object => ({ type: 'object', properties, required, additionalProperties: false });
const ref = (name: string): object => ({ $ref: `#/$defs/${name}` });
/** A JSON Schema is checked by the compiler of JSON Schemas. */
const schema = { type: 'object' };

export const openApiMetaSchema = {
  ...object({
    openapi: { const: '3.1.0' },
    info: object({ title: text, version: text, summary: text, description: text }, ['title', 'version']),
    servers: { type: 'array', items: object({ url: text, description: text }, ['url']) },
    paths: { type: 'object', patternProperties: { '^/': ref('pathItem') }, additionalProperties: false },
    components: object({ schemas: { type: 'object', propertyNames: { pattern: '^[a-zA-Z0-9._-]+$' }, additionalProperties: schema } }),
  }, ['openapi', 'info', 'paths']),
  $defs: {
    pathItem: object({ get: ref('operation'), post: ref('operation') }),
    operation: object({
      summary: text,
      operationId: { type: 'string', pattern: '^[a-zA-Z]+$' },
      parameters: { type: 'array', items: ref('parameter'), minItems: 1 },
      requestBody: object({ description: text, required: { type: 'boolean' }, content: ref('content') }, ['content']),
      responses: { type: 'object', propertyNames: { pattern: '^[1-5]([0-9]{2}|XX)$' }, additionalProperties: ref('response'), minProperties: 1 },
    }, ['summary', 'operationId', 'responses']),
    parameter: {
      ...object({ name: text, in: { enum: ['query', 'header', 'path'] }, description: text, required: { type: 'boolean' }, schema, example: true }, ['name', 'in', 'schema']),
      if: { properties: { in: { const: 'path' } } },
      then: { properties: { required: { const: true } }, required: ['required'] },
    },
    response: object({ description: text, headers: { type: 'object', additionalProperties: object({ description: text, schema }, ['schema']) }, content: ref('content') }, ['description']),
    content: { type: 'object', propertyNames: { pattern: '^[a-z]+/[a-z.+-]+$' }, additionalProperties: object({ schema, example: true }), minProperties: 1 },
  },
};
