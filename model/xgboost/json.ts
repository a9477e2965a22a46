import type { DocumentObject, DocumentValue } from './document.ts';
import { isNumericArray, sortedEntries } from './document.ts';
import { ModelFormatError } from './errors.ts';

/**
 * JSON as XGBoost writes it: floats always with an exponent (its reader tells integers from floats by their look), and
 * bare `NaN`, `Infinity` and `-Infinity`, which JSON itself does not know.
 */
export function encodeJson(value: DocumentValue): string {
  if (isNumericArray(value)) {
    const write = value instanceof Float32Array || value instanceof Float64Array ? formatFloat : String;
    return `[${Array.from(value as ArrayLike<number>, write).join(',')}]`;
  }
  if (Array.isArray(value)) return `[${(value as readonly DocumentValue[]).map(encodeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = sortedEntries(value as DocumentObject);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${encodeJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Reads it. The bare words of XGBoost's floats become the texts "NaN", "Infinity" and "-Infinity". */
export function decodeJson(text: string): DocumentValue {
  const standard = /NaN|Infinity/.test(text)
    ? text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) => (token.startsWith('"') ? token : `"${token}"`))
    : text;
  try {
    return JSON.parse(standard) as DocumentValue;
  } catch (cause) {
    throw new ModelFormatError('the JSON text', (cause as SyntaxError).message, 'the JSON that XGBoost writes', { cause });
  }
}

/** The shortest decimal that reads back as the same float32, in XGBoost's spelling: `3E-1`, `1.5E2`, `0E0`. */
export function formatFloat(value: number): string {
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return String(float);
  if (Object.is(float, -0)) return '-0E0';
  for (let digits = 0; digits < 8; digits++) {
    const text = float.toExponential(digits);
    if (Math.fround(Number(text)) === float) return spell(text);
  }
  return spell(float.toExponential(8));
}

function spell(text: string): string {
  return text.replace('e+', 'E').replace('e', 'E');
}
