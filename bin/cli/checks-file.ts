import * as z from 'zod';
import { defaultChecks } from '../../model/spec/check.ts';
import type { CheckSpec } from '../../model/spec/check.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';
import { checkChecks } from '../../model/spec/resolve-checks.ts';
import { readDeclaration } from './declaration-file.ts';
import { CommandError } from './errors.ts';

const names = [...new Set(defaultChecks.map(({ check }) => check))];

const checksSchema = z.array(z.strictObject({
  check: z.enum(names),
  level: z.enum(['off', 'warn', 'fail']),
  bound: z.number().min(0).optional(),
  columns: z.array(z.string()).min(1).optional(),
}));

/** Reads a pipeline's checks, as `JSON.stringify(checks)` writes them. @throws CommandError that names every place where they are wrong */
export async function readChecksFile(file: string, schema: DatasetSpec): Promise<CheckSpec[]> {
  const declared = await readDeclaration(file, checksSchema, { what: 'checks', wrong: 'are no list of checks', expected: '[{"check", "level", "bound"?, "columns"?}]' });
  const checks = declared.map(withBound);
  const wrong = checkChecks(schema, checks);
  if (wrong.length > 0) throw new CommandError(`The checks ${file} do not fit the schema. ${wrong.join(' ')}`);
  return checks;
}

/** A bound that is left out is the usual one, as in the app. */
function withBound({ check, level, bound, columns }: z.infer<typeof checksSchema>[number]): CheckSpec {
  const found = bound ?? defaultChecks.find((usual) => usual.check === check)?.bound;
  return { check, level, ...(found === undefined ? {} : { bound: found }), ...(columns === undefined ? {} : { columns }) };
}
