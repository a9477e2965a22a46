import { RequestError } from '../errors.ts';
import { float32Bytes, matrixOf } from './answers.ts';
import { numberValue } from './cells.ts';
import { type Format, requireRows } from './format.ts';

const bytesPerValue = 4;

/**
 * Numbers alone: float32, little-endian, a row's values in schema order and row after row; NaN is missing. The answer is what `application/x-npy` holds behind
 * its header. A schema with texts or times has no such rows.
 */
export const octets: Format = {
  decode(bytes, { columns }, maximumRows) {
    const rowBytes = columns.length * bytesPerValue;
    if (bytes.length === 0 || bytes.length % rowBytes !== 0) {
      const expected = `float32 values (little-endian), ${String(rowBytes)} bytes a row: ${String(columns.length)} values`;
      throw new RequestError('MalformedData', [{ field: 'body', found: bytes.length === 0 ? 'empty' : `${String(bytes.length)} bytes`, expected }]);
    }
    requireRows(bytes.length / rowBytes, maximumRows);
    return Array.from({ length: bytes.length / rowBytes }, (_, row) => columns.map((column, index) => numberValue(bytes.readFloatLE(row * rowBytes + index * bytesPerValue), column)));
  },
  encode: (answers, description) => float32Bytes(matrixOf(answers, description).values),
};
