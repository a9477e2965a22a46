import type { FittedFeature } from '../../features/fitted.ts';
import type { ColumnSpec } from '../../spec/dataset.ts';
import type { LoadedModel } from '../loaded-model.ts';

/** A row of values that the model's columns take; of those that it learned, where it learned some. */
export function exampleRow({ schema, description }: Pick<LoadedModel, 'schema' | 'description'>): Record<string, unknown> {
  return Object.fromEntries(schema.columns.map((column, index) => [column.name, exampleValue(column, index, description.features, description.trainedAt)]));
}

function exampleValue(column: ColumnSpec, index: number, features: readonly FittedFeature[], trainedAt: string): unknown {
  const { type, categories, minimum, maximum } = column;
  // Another one for each column: two of the same kind, from and to, say, are seldom the same.
  const { encoding = [] } = features.find((feature) => feature.column === column.name && feature.encoding !== undefined) ?? {};
  const learned = encoding[index % Math.max(1, encoding.length)]?.[0];
  switch (type) {
    case 'string':
      return (learned !== undefined && (categories?.includes(learned) ?? true) ? learned : categories?.[0]) ?? 'text';
    case 'boolean':
      return learned !== 'false';
    case 'timestamp':
      return trainedAt.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
    case 'integer':
      return whole(middle(minimum, maximum), minimum);
    case 'number':
      return middle(minimum, maximum);
  }
}

function middle(minimum: number | undefined, maximum: number | undefined): number {
  // Within them also where a half is too small for a number.
  if (minimum !== undefined && maximum !== undefined) return Math.min(maximum, Math.max(minimum, minimum / 2 + maximum / 2));
  return minimum === undefined ? Math.min(1, maximum ?? 1) : Math.max(1, minimum);
}

function whole(value: number, minimum = -Infinity): number {
  const below = Math.floor(value);
  return below < minimum ? Math.ceil(value) : below;
}
