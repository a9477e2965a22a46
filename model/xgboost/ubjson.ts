/**
 * Universal Binary JSON as XGBoost writes it: big-endian, lengths as int64 (`L`), untyped arrays `[#L…` and typed ones
 * `[$d#L…`, objects `{…}` without a count. The reader takes the rest of the specification too.
 */
export { decodeUbjson } from './ubjson-decode.ts';
export { encodeUbjson } from './ubjson-encode.ts';
