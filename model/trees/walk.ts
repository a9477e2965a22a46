import { type Code, wasm, wasmModule } from './wasm.ts';

/** Node's own, of which `lib: es2023` and Node's types say nothing. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => WalkMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: WalkMemory } }) => { readonly exports: unknown };
};

/** The memory that the walk reads and writes. */
export interface WalkMemory {
  readonly buffer: ArrayBuffer;
}

/**
 * Adds the leaf of each tree to the sum of each row. Everything is an address in bytes.
 * @param rows the first row's values
 * @param count rows
 * @param stride from one row to the next
 * @param trees the table of the trees, `treeBytes` each
 * @param treeCount trees
 * @param sums the sums of the first output, one for each row
 */
type Walk = (rows: number, count: number, stride: number, trees: number, treeCount: number, sums: number) => void;

/** Walks trees: `many` takes multiples of `together` rows, and `one` any number. */
export interface Walks {
  readonly one: Walk;
  readonly many: Walk;
}

/** An entry of the table of trees: address of its root, depth (at least 1), and how far its output's sums lie behind the first one's. */
export const treeBytes = 12;

/**
 * A node: threshold (float32), slot of the row's value and number of the left child (16 bits each); the right child comes right behind the left one.
 * A leaf is its own left child, its value stands in the threshold's place, and its slot is one that is below every number.
 */
export const nodeBytes = 8;

/** Rows that are walked side by side: each waits for memory at another time. Measured: with 8 a row takes half of what it takes alone. */
export const together = 8;

const [rows, count, stride, trees, treeCount, sums, root, depth, sum, row, waiting, steps, firstNode] = Array.from({ length: 13 }, (_, index) => index) as [
  number, number, number, number, number, number, number, number, number, number, number, number, number,
];

/** For each tree, for each row: down the tree as many steps as it is deep. There is no branch but the loops', which a processor foresees. */
function walk(name: string, width: number): Parameters<typeof wasmModule>[0][number] {
  const { add, addFloat, constant, doWhile, get, isZero, lessFloat, load, loadFloat, loadShort, set, shiftLeft, storeFloat, subtract, tee } = wasm;
  const lane = Array.from({ length: width }, (_, index) => ({ node: firstNode + index, values: firstNode + width + index, sumOffset: 4 * index }));
  const next = (local: number, by: Code): Code => [...get(local), ...by, ...add, ...set(local)];
  const countDown = (local: number, by: number): Code => [...get(local), ...constant(by), ...subtract, ...tee(local)];
  const step = lane.flatMap(({ node, values }): Code => [
    ...get(root), ...get(node), ...loadShort(6), ...constant(3), ...shiftLeft, ...add,
    // One node further where the value is not below the threshold; a missing one (NaN) never is.
    ...get(values), ...get(node), ...loadShort(4), ...constant(2), ...shiftLeft, ...add, ...loadFloat(),
    ...get(node), ...loadFloat(), ...lessFloat, ...isZero, ...constant(3), ...shiftLeft, ...add, ...set(node),
  ]);
  const rowLoop = doWhile(
    ...lane.map(({ node, values }, index): Code => [
      ...get(root), ...set(node),
      ...(index === 0 ? get(row) : [...get(lane[index - 1]!.values), ...get(stride), ...add]), ...set(values),
    ]),
    get(depth), set(steps),
    doWhile(step, countDown(steps, 1)),
    ...lane.map(({ node, sumOffset }): Code => [...get(sum), ...get(sum), ...loadFloat(sumOffset), ...get(node), ...loadFloat(), ...addFloat, ...storeFloat(sumOffset)]),
    next(sum, constant(4 * width)),
    get(lane[width - 1]!.values), get(stride), add, set(row),
    countDown(waiting, width),
  );
  const treeLoop = doWhile(
    get(trees), load(0), set(root), get(trees), load(4), set(depth), get(sums), get(trees), load(8), add, set(sum),
    get(rows), set(row), get(count), set(waiting),
    rowLoop,
    next(trees, constant(treeBytes)),
    countDown(treeCount, 1),
  );
  return { name, parameters: 6, locals: firstNode + 2 * width - 6, body: [treeLoop] };
}

let compiled: object | undefined;

/** A memory of so many bytes, with the walk over it. The code is compiled once a process, at the first call. */
export function newWalk(bytes: number): { readonly memory: WalkMemory; readonly walks: Walks } {
  compiled ??= new WebAssembly.Module(wasmModule([walk('one', 1), walk('many', together)]));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  return { memory, walks: new WebAssembly.Instance(compiled, { env: { memory } }).exports as Walks };
}
