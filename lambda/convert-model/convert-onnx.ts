import type { FittedFeature } from '../../model/features/fitted.ts';
import { askBare, checkComposed } from '../../model/onnx/check-composed.ts';
import { composeModel, readBareModel } from '../../model/onnx/compose.ts';
import type { GraphRows } from '../../model/onnx/feature-values.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import type { Task } from '../../model/spec/task.ts';
import type { MadeGraph } from './made-graph.ts';

/** A graph of the container's own with the features in front, compared with the graph as the container left it. */
export async function convertOnnx(
  bytes: Uint8Array,
  { name, features, task, classes, sampled }: { readonly name: string; readonly features: readonly FittedFeature[]; readonly task: Task; readonly classes: readonly string[] | undefined; readonly sampled: GraphRows },
): Promise<MadeGraph> {
  const answer = { task, outputs: task === 'regression' ? 1 : task === 'binary' ? 2 : (classes?.length ?? 0) };
  const bare = readBareModel(bytes, features, answer);
  const answers = await askBare(bytes, bare, features, answer, sampled);
  const onnx = composeModel(bare, features, answer, answers.columns, { model: name });
  const model = await OnnxModel.load(onnx);
  try {
    return { onnx, parity: await checkComposed(model, answers), facts: { trainer: bare.read.producer === '' ? 'a container that does not name itself' : bare.read.producer } };
  } finally {
    await model.close();
  }
}
