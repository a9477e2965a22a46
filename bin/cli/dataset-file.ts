import * as z from 'zod';
import { type DatasetSpec, repeatedName } from '../../model/spec/dataset.ts';
import { readDeclaration } from './declaration-file.ts';

const columnSchema = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['number', 'integer', 'string', 'boolean', 'timestamp']),
  nullable: z.boolean().default(true),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  categories: z.array(z.string()).optional(),
});

const labelSchema = z.strictObject({
  column: z.string().min(1),
  kind: z.enum(['above', 'binary', 'category', 'number']),
  name: z.string().optional(),
  threshold: z.number().optional(),
});

/** The JSON of a `Dataset`, as `JSON.stringify(dataset)` writes it; what has a default may be left out. */
const datasetSchema = z
  .strictObject({ columns: z.array(columnSchema).min(1), label: labelSchema, weight: z.string().min(1).optional() })
  .superRefine(({ columns, label, weight }, context) => {
    const names = columns.map((column) => column.name);
    const repeated = repeatedName(names);
    if (repeated !== undefined) context.addIssue({ code: 'custom', path: ['columns'], message: `'${repeated}' stands there twice` });
    if (!names.includes(label.column)) context.addIssue({ code: 'custom', path: ['label', 'column'], message: `'${label.column}' is none of the columns` });
    if (weight !== undefined && !names.includes(weight)) context.addIssue({ code: 'custom', path: ['weight'], message: `'${weight}' is none of the columns` });
    if (label.kind === 'above' && label.threshold === undefined) context.addIssue({ code: 'custom', path: ['label', 'threshold'], message: 'a label of kind above has one' });
  });

/** Reads a dataset's declaration. @throws CommandError that names every place where it is wrong */
export async function readDatasetFile(file: string): Promise<DatasetSpec> {
  const { columns, label, weight } = await readDeclaration(file, datasetSchema, {
    what: 'schema',
    wrong: 'is no declaration of a dataset',
    expected: '{"columns": [{"name", "type", "nullable"?, "minimum"?, "maximum"?, "categories"?}], "label": {"column", "kind", "threshold"?}, "weight"?}',
  });
  return { columns, label: { ...label, name: label.name ?? label.column }, ...(weight === undefined ? {} : { weight }) };
}
