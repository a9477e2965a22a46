import type { LoadedModel } from '../loaded-model.ts';
import { datatypes } from '../oip/datatypes.ts';
import { answerProperties, type JsonSchema, rowSchema } from './json-schema.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const object = { type: 'object' };
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** The shapes that the document's routes share, with the columns of the model. */
export function componentSchemas({ schema, description }: Pick<LoadedModel, 'schema' | 'description'>, maximumRows: number): Record<string, JsonSchema> {
  const answer = answerProperties(description);
  const names = { modelName: text, modelVersion: text, requestId: text };
  const version = { description: 'A live version, where it shall be that one.', type: ['string', 'integer'] };
  const rows = { type: 'array', items: ref('Row'), minItems: 1, maxItems: maximumRows };
  const body = (field: string, value: JsonSchema): JsonSchema => ({ type: 'object', properties: { [field]: value, model_version: version }, required: [field], additionalProperties: false });
  return {
    Row: rowSchema(schema),
    Answer: { type: 'object', ...answer, additionalProperties: false },
    PredictRequest: body('input', ref('Row')),
    PredictResponse: { type: 'object', properties: { ...answer.properties, ...names }, required: [...answer.required, ...Object.keys(names)], additionalProperties: false },
    BatchRequest: body('inputs', rows),
    BatchResponse: { type: 'object', properties: { predictions: { type: 'array', items: ref('Answer') }, ...names }, required: ['predictions', ...Object.keys(names)], additionalProperties: false },
    InvocationsRequest: body('instances', rows),
    InvocationsResponse: { type: 'object', properties: { predictions: { type: 'array', items: ref('Answer') } }, required: ['predictions'], additionalProperties: false },
    Health: { type: 'object', properties: { status: { const: 'healthy' } }, required: ['status'] },
    ModelInfo: {
      type: 'object',
      properties: {
        modelName: text,
        modelVersion: text,
        role: { enum: ['stable', 'canary'] },
        modelPackageArn: text,
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the model artifact.' },
        trainedAt: { type: 'string', format: 'date-time' },
        gitCommit: { type: 'string', description: 'The revision of the code that declared the pipeline.' },
        approval: { type: 'object', properties: { status: text }, required: ['status'] },
        trainer: text,
        rounds: { type: 'integer' },
        task: { enum: ['binary', 'multiclass', 'regression'] },
        objective: text,
        input: { type: 'object', properties: { columns: { type: 'array', items: object } }, required: ['columns'] },
        output: { type: 'object', properties: { prediction: { enum: ['class', 'number'] }, classes: texts, label: object }, required: ['prediction', 'label'] },
        metrics: { type: 'object', additionalProperties: { type: ['number', 'null'] }, description: 'On the held-out rows.' },
        features: { type: 'array', items: object },
      },
      required: ['modelName', 'modelVersion', 'trainedAt', 'task', 'input', 'output'],
    },
    Error: {
      type: 'object',
      properties: {
        error: {
          type: 'object',
          properties: { code: text, message: text, requestId: text, details: { type: 'array', items: { type: 'object', properties: { field: text, found: text, expected: text }, required: ['field', 'found', 'expected'] } } },
          required: ['code', 'message', 'requestId'],
        },
      },
      required: ['error'],
    },
    ...protocolSchemas(),
  };
}

/** The Open Inference Protocol's own. */
function protocolSchemas(): Record<string, JsonSchema> {
  const shape = (minimum: number): JsonSchema => ({ type: 'array', items: { type: 'integer', minimum }, minItems: 1 });
  const tensor = { name: text, datatype: { enum: [...datatypes.keys()] } };
  const isAlive = (...keys: string[]): JsonSchema => ({ type: 'object', properties: Object.fromEntries(keys.map((key) => [key, key === 'name' ? text : { const: true }])), required: keys });
  return {
    ProtocolError: { type: 'object', properties: { error: text }, required: ['error'] },
    ServerMetadata: { type: 'object', properties: { name: text, version: text, extensions: texts }, required: ['name', 'version', 'extensions'] },
    ServerLive: isAlive('live'),
    ModelReady: isAlive('name', 'ready'),
    ModelMetadata: { type: 'object', properties: { name: text, versions: texts, platform: text, inputs: { type: 'array', items: ref('TensorMetadata') }, outputs: { type: 'array', items: ref('TensorMetadata') } }, required: ['name', 'platform', 'inputs', 'outputs'] },
    TensorMetadata: { type: 'object', properties: { ...tensor, shape: shape(-1) }, required: ['name', 'datatype', 'shape'] },
    TensorData: { type: 'array', description: 'Row after row, flat or nested as the shape has it; null where a value is missing.', items: { anyOf: [ref('TensorData'), { type: ['number', 'string', 'boolean', 'null'] }] } },
    InputTensor: {
      type: 'object',
      description: 'A column. Its data stand here, or in binary form behind the JSON, then with their size in parameters.binary_data_size.',
      properties: { ...tensor, shape: shape(1), parameters: object, data: ref('TensorData') },
      required: ['name', 'datatype', 'shape'],
    },
    OutputTensor: { type: 'object', properties: { ...tensor, shape: shape(1), parameters: object, data: ref('TensorData') }, required: ['name', 'datatype', 'shape'] },
    InferRequest: {
      type: 'object',
      properties: { id: text, parameters: object, inputs: { type: 'array', items: ref('InputTensor'), minItems: 1 }, outputs: { type: 'array', items: { type: 'object', properties: { name: text, parameters: object }, required: ['name'] } } },
      required: ['inputs'],
    },
    InferResponse: { type: 'object', properties: { model_name: text, model_version: text, id: text, parameters: object, outputs: { type: 'array', items: ref('OutputTensor') } }, required: ['model_name', 'outputs'] },
  };
}
