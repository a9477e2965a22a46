/** Arrays whose elements have one type: UBJSON's `[$d#L…`. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array;

/** What an XGBoost model file holds, in UBJSON or in JSON: JSON's values, with typed arrays for the long ones. */
export type DocumentValue =
  | null
  | boolean
  | number
  | string
  | NumericArray
  | readonly DocumentValue[]
  | DocumentObject;

/** An object of such a document. */
export interface DocumentObject {
  readonly [key: string]: DocumentValue;
}

/** Whether a value is one of the typed arrays. */
export function isNumericArray(value: unknown): value is NumericArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** The keys in the order in which XGBoost writes them: its objects are sorted maps of bytes. */
export function sortedEntries(value: DocumentObject): [string, DocumentValue][] {
  return Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
