import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CommandError } from './errors.ts';

const lineSchema = z.object({ modelVersion: z.union([z.string(), z.number()]).transform(String), outcome: z.union([z.number(), z.boolean()]).transform(Number) });

/**
 * What came of predictions, by the version that made them: JSON lines `{"modelVersion": "3", "outcome": 1}`, an outcome a line: 0 or 1 (or false and true), or a number.
 * @throws CommandError that names the line.
 */
export async function readOutcomes(file: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const outcomes = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const { modelVersion, outcome } = parsed(line, `${file}:${String(index + 1)}`);
    const known = outcomes.get(modelVersion);
    if (known === undefined) outcomes.set(modelVersion, [outcome]);
    else known.push(outcome);
  }
  return outcomes;
}

function parsed(line: string, where: string): z.infer<typeof lineSchema> {
  try {
    const found = lineSchema.safeParse(JSON.parse(line));
    if (found.success) return found.data;
  } catch {
    // Said below, as for any other line that is no outcome.
  }
  throw new CommandError(`${where} is ${line.slice(0, 80)}, expected {"modelVersion": "3", "outcome": 1}.`);
}
