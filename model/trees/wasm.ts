/** The part of WebAssembly's binary format that the kernel needs: whole numbers are i32, numbers float32. */
export type Code = readonly number[];

const i32 = 0x7f;

/** Instructions, as a stack machine takes them. */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: (offset = 0): Code => [0x28, 2, ...unsigned(offset)],
  loadShort: (offset = 0): Code => [0x2f, 1, ...unsigned(offset)],
  loadFloat: (offset = 0): Code => [0x2a, 2, ...unsigned(offset)],
  storeFloat: (offset = 0): Code => [0x38, 2, ...unsigned(offset)],
  add: [0x6a] as Code,
  subtract: [0x6b] as Code,
  shiftLeft: [0x74] as Code,
  isZero: [0x45] as Code,
  addFloat: [0x92] as Code,
  lessFloat: [0x5d] as Code,
  /** Runs the body, and again as long as it leaves a number other than 0. */
  doWhile: (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0, 0x0b],
};

/** A function of so many whole numbers that answers nothing; its other locals come behind its parameters. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly locals: number;
  readonly body: readonly Code[];
}

/** The bytes of a module of these functions, which imports its memory as `env.memory`. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, functions.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [i32])), 0])),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(1)]]),
    ...section(3, functions.map((_, index) => unsigned(index))),
    ...section(7, functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)])),
    ...section(10, functions.map(({ locals, body }) => sized([1, ...unsigned(locals), i32, ...body.flat(), 0x0b]))),
  ]);
}

const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const next = rest >>> 7;
    bytes.push((rest & 0x7f) | (next === 0 ? 0 : 0x80));
    rest = next;
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
