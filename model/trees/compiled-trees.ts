import { exp, sigmoid, softmax } from './float32.ts';
import { NotCompiled, type PostTransform, type SplitTree, type TreeEnsemble } from './ensemble.ts';
import { newWalk, nodeBytes, together, treeBytes, type Walks } from './walk.ts';

/** Rows that are walked at once: their values and one tree fit into a processor's fastest memory. A multiple of `together`. */
const blockRows = 64;

/** What 16 bits hold. */
const largestShort = 65_535;

/**
 * Writes the values of some rows, one for each feature, NaN where missing.
 * @param from the first row
 * @param at the place of its first value
 * @param stride from one row to the next
 */
export type FillRows = (from: number, count: number, values: Float32Array, at: number, stride: number) => void;

/**
 * A tree ensemble laid out for speed. It answers what ONNX Runtime answers on one thread, to the bit: float32 sums in the order of the trees, and its own
 * arithmetic behind them. A row's answer does not depend on the rows beside it.
 */
export class CompiledTrees {
  readonly features: number;
  /** Values that are answered a row. */
  readonly columns: number;
  private readonly walks: Walks;
  private readonly floats: Float32Array;
  private readonly treeCount: number;
  private readonly base: Float32Array;
  private readonly post: PostTransform;
  private readonly sumsAt: number;
  private readonly rowsAt: number;

  /** @throws NotCompiled where the ensemble does not fit the layout */
  constructor({ features, trees, targets, base, post }: TreeEnsemble) {
    check(features, trees, base);
    this.features = features;
    this.base = base;
    this.post = post;
    this.treeCount = trees.length;
    this.columns = post === 'binary' ? 2 : base.length;
    const nodesAt = trees.length * treeBytes;
    const nodes = trees.reduce((total, tree) => total + tree.leftChildren.length, 0);
    this.sumsAt = aligned(nodesAt + nodes * nodeBytes);
    this.rowsAt = aligned(this.sumsAt + base.length * blockRows * 4);
    const { memory, walks } = newWalk(this.rowsAt + blockRows * this.stride);
    this.walks = walks;
    this.floats = new Float32Array(memory.buffer);
    const view = new DataView(memory.buffer);
    let address = nodesAt;
    trees.forEach((tree, index) => {
      const depth = layOut(tree, view, address, features);
      view.setUint32(index * treeBytes, address, true);
      view.setUint32(index * treeBytes + 4, depth, true);
      view.setUint32(index * treeBytes + 8, targets[index]! * blockRows * 4, true);
      address += tree.leftChildren.length * nodeBytes;
    });
    for (let row = 0; row < blockRows; row++) this.floats[(this.rowsAt + row * this.stride) >> 2] = -Infinity;
  }

  /** A value below every number, then each feature with a missing value that is below every number, then each one with NaN where missing. */
  private get stride(): number {
    return 4 * (1 + 2 * this.features);
  }

  /** What the ensemble answers for rows, `columns` values each, row after row. */
  predict(rows: number, fill: FillRows): Float32Array {
    const answers = new Float32Array(rows * this.columns);
    for (let from = 0; from < rows; from += blockRows) {
      const count = Math.min(blockRows, rows - from);
      this.fillBlock(from, count, fill);
      this.sum(count);
      this.answer(answers, from, count);
    }
    return answers;
  }

  private fillBlock(from: number, count: number, fill: FillRows): void {
    const { floats, features } = this;
    const [first, stride] = [(this.rowsAt >> 2) + 1, this.stride >> 2];
    fill(from, count, floats, first + features, stride);
    for (let row = 0; row < count; row++) {
      const low = first + row * stride;
      const high = low + features;
      for (let feature = 0; feature < features; feature++) {
        const value = floats[high + feature]!;
        floats[low + feature] = Number.isNaN(value) ? -Infinity : value;
      }
    }
  }

  private sum(count: number): void {
    const { rowsAt, stride, treeCount, sumsAt } = this;
    const sums = sumsAt >> 2;
    this.floats.fill(0, sums, sums + this.base.length * blockRows);
    const inMany = count - (count % together);
    if (inMany > 0) this.walks.many(rowsAt, inMany, stride, 0, treeCount, sumsAt);
    if (inMany < count) this.walks.one(rowsAt + inMany * stride, count - inMany, stride, 0, treeCount, sumsAt + 4 * inMany);
  }

  private answer(answers: Float32Array, from: number, count: number): void {
    const { base, floats, post, columns } = this;
    for (let row = 0; row < count; row++) {
      const at = (from + row) * columns;
      for (let output = 0; output < base.length; output++) {
        const margin = Math.fround(floats[(this.sumsAt >> 2) + output * blockRows + row]! + base[output]!);
        if (post === 'binary') {
          const probability = sigmoid(margin);
          answers[at] = 1 - probability;
          answers[at + 1] = probability;
        } else answers[at + output] = post === 'sigmoid' ? sigmoid(margin) : post === 'exp' ? exp(margin) : margin;
      }
      if (post === 'softmax') softmax(answers, at, columns);
    }
  }
}

const aligned = (address: number): number => (address + 63) & ~63;

function check(features: number, trees: readonly SplitTree[], base: Float32Array): void {
  if (1 + 2 * features > largestShort) throw new NotCompiled(`${String(features)} features, at most ${String((largestShort - 1) >> 1)} are compiled`);
  const large = trees.find((tree) => tree.leftChildren.length > largestShort);
  if (large !== undefined) throw new NotCompiled(`a tree of ${String(large.leftChildren.length)} nodes, at most ${String(largestShort)} are compiled`);
  // A missing value is told from numbers by standing below them all.
  if (!base.every(Number.isFinite) || !trees.every((tree) => tree.splitConditions.every(Number.isFinite))) throw new NotCompiled('a threshold or a leaf that is no finite number');
}

/** Writes a tree's nodes level by level, and answers its depth. */
function layOut(tree: SplitTree, view: DataView, address: number, features: number): number {
  const { leftChildren, rightChildren, splitConditions, splitIndices, defaultLeft } = tree;
  const reached = [0];
  let depth = 0;
  for (let place = 0, levelEnd = 1; place < reached.length; place++) {
    if (place === levelEnd) {
      depth++;
      levelEnd = reached.length;
    }
    const node = reached[place]!;
    const left = leftChildren[node]!;
    const isLeaf = left === -1;
    const at = address + place * nodeBytes;
    view.setFloat32(at, splitConditions[node]!, true);
    view.setUint16(at + 4, isLeaf ? 0 : 1 + splitIndices[node]! + (defaultLeft[node] === 1 ? 0 : features), true);
    view.setUint16(at + 6, isLeaf ? place : reached.push(left, rightChildren[node]!) - 2, true);
  }
  return Math.max(1, depth);
}
