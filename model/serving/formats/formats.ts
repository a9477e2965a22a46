import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonLines } from './json-lines.ts';
import { npy } from './npy.ts';
import { octets } from './octets.ts';

/** The type that requests have where nothing else is said. */
export const jsonType = 'application/json';

const formats: Readonly<Record<string, Format>> = {
  'application/jsonlines': jsonLines,
  'text/csv': csv,
  'application/x-npy': npy,
  'application/octet-stream': octets,
};

/** The content types that requests and answers may have; JSON first. */
export const mediaTypes: readonly string[] = [jsonType, ...Object.keys(formats)];

/** How a content type other than JSON is read and written. */
export function formatOf(type: string): Format {
  return formats[type]!;
}
