import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { defaultChecks } from '../../model/spec/check.ts';
import type { CheckSpec } from '../../model/spec/check.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';
import { checkChecks } from '../../model/spec/resolve-checks.ts';
import { CommandError } from './errors.ts';
import { reasonOf } from './model-file.ts';

const names = [...new Set(defaultChecks.map(({ check }) => check))];

const checksSchema = z.array(z.strictObject({
  check: z.enum(names),
  level: z.enum(['off', 'warn', 'fail']),
  bound: z.number().min(0).optional(),
  columns: z.array(z.string()).min(1).optional(),
}));

/** Reads a pipeline's checks, as `JSON.stringify(checks)` writes them. @throws CommandError that names every place where they are wrong */
export async function readChecksFile(file: string, schema: DatasetSpec): Promise<CheckSpec[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`The checks ${file} cannot be read: ${reasonOf(error)}`);
  });
  const parsed = checksSchema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'the document'}: ${message}`);
    throw new CommandError(`The checks ${file} are none. ${places.join('; ')}. Expected [{"check", "level", "bound"?, "columns"?}].`);
  }
  const checks = parsed.data.map(withBound);
  const wrong = checkChecks(schema, checks);
  if (wrong.length > 0) throw new CommandError(`The checks ${file} do not fit the schema. ${wrong.join(' ')}`);
  return checks;
}

/** A bound that is left out is the usual one, as in the app. */
function withBound({ check, level, bound, columns }: z.infer<typeof checksSchema>[number]): CheckSpec {
  const found = bound ?? defaultChecks.find((usual) => usual.check === check)?.bound;
  return { check, level, ...(found === undefined ? {} : { bound: found }), ...(columns === undefined ? {} : { columns }) };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError(`The checks ${file} are no JSON: ${reasonOf(error)}`);
  }
}
