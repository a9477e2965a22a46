import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { CommandError } from './errors.ts';
import { reasonOf } from './model-file.ts';

/** What a file declares, in the words of its errors. */
export interface DeclarationWords {
  /** Such as `schema`. */
  readonly what: string;
  /** What is said of one that is wrong, such as `is no declaration of a dataset`. */
  readonly wrong: string;
  /** Its shape, for who has to write it. */
  readonly expected: string;
}

/** Reads a file that declares something as JSON. @throws CommandError that names every place where it is wrong */
export async function readDeclaration<Schema extends z.ZodType>(file: string, schema: Schema, { what, wrong, expected }: DeclarationWords): Promise<z.infer<Schema>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`The ${what} ${file} cannot be read: ${reasonOf(error)}`);
  });
  const parsed = schema.safeParse(parseJson(text, `The ${what} ${file}`));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'the document'}: ${message}`);
  throw new CommandError(`The ${what} ${file} ${wrong}. ${places.join('; ')}. Expected ${expected}.`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError(`${name} cannot be parsed as JSON: ${reasonOf(error)}`);
  }
}
