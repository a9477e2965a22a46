import { localTimePattern } from '../../features/local-time.ts';
import { largestFloat32 } from '../../features/transforms.ts';
import type { ColumnSpec } from '../../spec/dataset.ts';
import type { ModelDescription } from '../description.ts';
import { classesOf } from '../formats/answers.ts';
import type { ServingSchema } from '../schema.ts';

/** A JSON Schema (2020-12), as OpenAPI 3.1 holds them. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a column takes, as the check of a row has it; test/model/serving/openapi holds the two together. */
export function columnSchema(column: ColumnSpec): JsonSchema {
  const { nullable, categories } = column;
  const type = { number: 'number', integer: 'integer', boolean: 'boolean', string: 'string', timestamp: 'string' }[column.type];
  return {
    type: nullable ? [type, 'null'] : type,
    ...(column.type === 'number' || column.type === 'integer' ? boundsOf(column) : {}),
    ...(column.type === 'timestamp' ? { pattern: `^${localTimePattern}$`, description: 'A local time: without a zone.' } : {}),
    ...(categories === undefined ? {} : { enum: [...categories, ...(nullable ? [null] : [])] }),
  };
}

function boundsOf({ type, minimum, maximum }: ColumnSpec): JsonSchema {
  const largest = type === 'integer' ? Number.MAX_SAFE_INTEGER : largestFloat32;
  return { minimum: Math.max(minimum ?? -largest, -largest), maximum: Math.min(maximum ?? largest, largest) };
}

/** A row: an object by column name, or the values in the columns' order. */
export function rowSchema({ columns }: ServingSchema): JsonSchema {
  return {
    description: 'A row, by column name or as the values in the order of the columns. What may be null may be left out.',
    oneOf: [
      {
        type: 'object',
        properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
        required: columns.filter(({ nullable }) => !nullable).map(({ name }) => name),
        additionalProperties: false,
      },
      { type: 'array', prefixItems: columns.map((column) => ({ title: column.name, ...columnSchema(column) })), minItems: columns.length, maxItems: columns.length },
    ],
  };
}

/** What a row is answered with. */
export function answerProperties(description: Pick<ModelDescription, 'task' | 'classes'>): { properties: Record<string, JsonSchema>; required: string[] } {
  const classes = classesOf(description);
  if (classes.length === 0) return { properties: { prediction: { type: 'number' } }, required: ['prediction'] };
  const probability = { type: 'number', minimum: 0, maximum: 1 };
  return {
    properties: {
      prediction: { enum: description.task === 'binary' ? [0, 1] : classes },
      probabilities: { type: 'object', properties: Object.fromEntries(classes.map((name) => [name, probability])), required: classes, additionalProperties: false },
    },
    required: ['prediction', 'probabilities'],
  };
}
