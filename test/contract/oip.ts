import { columnNames, type Row } from './cases.ts';

/** The datatype of each column's tensor, as the model's metadata name it. */
export const datatypeOf = { start: 'BYTES', distance: 'FP64', passengers: 'INT64', weekend: 'BOOL', station: 'BYTES', note: 'BYTES' } as const;

/** An input tensor of the Open Inference Protocol. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly unknown[];
  readonly datatype: string;
  readonly parameters?: Record<string, unknown>;
  readonly data?: unknown;
}

/** Rows as tensors, flat. */
export function tensorsOf(rows: readonly Row[], columns: readonly (keyof typeof datatypeOf)[] = columnNames): Tensor[] {
  return columns.map((name) => ({ name, shape: [rows.length, 1], datatype: datatypeOf[name], data: rows.map((row) => row[name] ?? null) }));
}

/** The same as a nested list. */
export const nested = (tensor: Tensor): Tensor => ({ ...tensor, data: (tensor.data as unknown[]).map((value) => [value]) });

/** Another datatype for a tensor. */
export const as = (tensors: readonly Tensor[], name: string, datatype: string): Tensor[] => tensors.map((tensor) => (tensor.name === name ? { ...tensor, datatype } : tensor));

/** Elements in binary form: text, or the bytes that `write` gives for a number. */
export function binaryOf(values: readonly unknown[], datatype: string): Buffer {
  return Buffer.concat(values.map((value) => {
    const number = Number(value ?? Number.NaN);
    const bytes = Buffer.alloc(8);
    switch (datatype) {
      case 'BOOL': return Buffer.from([value === true ? 1 : 0]);
      case 'UINT8': case 'INT8': return Buffer.from([number]);
      case 'UINT16': case 'INT16': return void bytes.writeUInt16LE(number), bytes.subarray(0, 2);
      case 'UINT32': case 'INT32': return void bytes.writeUInt32LE(number), bytes.subarray(0, 4);
      case 'UINT64': case 'INT64': return void bytes.writeBigUInt64LE(BigInt(number)), bytes;
      // The rows' numbers that are sent so are whole and small.
      case 'FP16': return void bytes.writeUInt16LE(halfOf(number)), bytes.subarray(0, 2);
      case 'FP32': return void bytes.writeFloatLE(number), bytes.subarray(0, 4);
      case 'FP64': return void bytes.writeDoubleLE(number), bytes;
      default: {
        const text = Buffer.from(String(value));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }
    }
  }));
}

/** The float16 of a whole number from 1 to 2047. */
function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}

/** A request whose tensors' data are binary, with the header that says where they begin. */
export function binaryRequest(tensors: readonly Tensor[], more: object = {}, isBinary: (name: string) => boolean = () => true): { body: Buffer; headers: Record<string, string> } {
  const parts: Buffer[] = [];
  const inputs = tensors.map(({ data, ...tensor }) => {
    if (!isBinary(tensor.name)) return { ...tensor, data };
    const part = binaryOf(data as unknown[], tensor.datatype);
    parts.push(part);
    return { ...tensor, parameters: { binary_data_size: part.length } };
  });
  const json = Buffer.from(JSON.stringify({ ...more, inputs }));
  return { body: Buffer.concat([json, ...parts]), headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(json.length) } };
}
