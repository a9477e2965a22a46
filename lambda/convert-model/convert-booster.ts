import type { FittedFeature } from '../../model/features/fitted.ts';
import { toOnnx } from '../../model/onnx/convert.ts';
import type { GraphRows } from '../../model/onnx/feature-values.ts';
import { checkParity } from '../../model/onnx/parity.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import { compiledVersion } from '../../model/serving/compiled-runner.ts';
import { proveCompiled } from '../../model/serving/open-runner.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';
import { outputsOf } from '../../model/xgboost/objective.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { ArtifactInvalid } from '../shared/errors.ts';
import type { MadeGraph } from './made-graph.ts';

/** What a booster is converted with. */
interface BoosterConversion {
  readonly name: string;
  readonly features: readonly FittedFeature[];
  readonly schema: DatasetSpec;
  readonly classes: readonly string[] | undefined;
  readonly sampled: GraphRows;
}

/** Boosted trees as a graph, compared with the trees themselves, and with what serving compiles of it. */
export async function convertBooster(bytes: Uint8Array, { name, features, schema, classes, sampled }: BoosterConversion): Promise<MadeGraph> {
  const booster = readBooster(bytes);
  requireClasses(outputsOf(booster), classes);
  const onnx = toOnnx(booster, features, { model: name });
  const model = await OnnxModel.load(onnx);
  try {
    const parity = await checkParity(booster, features, model, sampled);
    const compiled = await proveCompiled(onnx, model, { features, schema }, sampled);
    return {
      onnx,
      parity,
      ...(compiled?.difference === undefined ? {} : { notCompiled: compiled.difference }),
      facts: {
        ...(compiled === undefined || compiled.difference !== undefined ? {} : { compiled: { version: compiledVersion, rows: compiled.rows } }),
        objective: booster.objective,
        trainer: booster.attributes['trainer'] ?? `XGBoost ${booster.version.join('.')}`,
        rounds: booster.trees.length / outputsOf(booster),
      },
    };
  } finally {
    await model.close();
  }
}

/** A class that the model has no output for, or an output without a class, would be served under another's name. */
function requireClasses(outputs: number, classes: readonly string[] | undefined): void {
  const expected = classes?.length ?? 1;
  if (outputs !== expected) {
    throw new ArtifactInvalid(`The trained model has ${String(outputs)} output(s) a row, expected ${String(expected)} (${classes?.join(', ') ?? 'the label has no classes of its own'}): it was trained for another label.`);
  }
}
