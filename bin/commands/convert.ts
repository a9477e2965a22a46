import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import type { Parity } from '../../model/onnx/parity.ts';
import type { Booster } from '../../model/xgboost/booster.ts';
import { CommandError } from '../cli/errors.ts';
import { readModelFile, reasonOf } from '../cli/model-file.ts';
import { options } from '../cli/options.ts';
import { count, printJson, Terminal } from '../cli/terminal.ts';

interface ConvertOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** `slipway convert`. */
export function convertCommand(): Command {
  return new Command('convert')
    .description('Convert a model of XGBoost itself to ONNX, and prove that both predict the same')
    .argument('<model>', 'UBJSON or JSON that XGBoost 1.7 to 3.x saved, or a model.tar.gz that holds xgboost-model')
    .requiredOption('--out <file>', 'the ONNX file to write; nothing is written where the two differ')
    .addOption(options.json())
    .addHelpText('after', convertExamples)
    .action(async (file: string, given: ConvertOptions) => {
      if (path.resolve(file) === path.resolve(given.out)) throw new CommandError(`--out is the model itself, ${file}: name another file.`);
      const { booster, onnx, parity } = await convertBare(await readModelFile(file), file);
      await writeWhole(given.out, onnx);
      const result = describe(booster, onnx, parity, given.out);
      if (given.json === true) printJson(result);
      else show(result, new Terminal({ json: false }));
    });
}

interface Converted {
  readonly booster: Booster;
  readonly onnx: Uint8Array;
  readonly parity: Parity;
}

async function convertBare(bytes: Uint8Array, file: string): Promise<Converted> {
  // Loaded here: the other commands need no ONNX Runtime.
  const [{ readBooster }, { toOnnx }, { checkBareParity }, { OnnxModel }] = await Promise.all([
    import('../../model/xgboost/read.ts'),
    import('../../model/onnx/convert.ts'),
    import('../../model/onnx/parity.ts'),
    import('../../model/onnx/session.ts'),
  ]);
  try {
    const booster = readBooster(bytes);
    const names: Record<string, string> = booster.featureNames.length === 0 ? {} : { feature_names: JSON.stringify(booster.featureNames) };
    const onnx = toOnnx(booster, undefined, names);
    const model = await OnnxModel.load(onnx);
    try {
      return { booster, onnx, parity: await checkBareParity(booster, model) };
    } finally {
      await model.close();
    }
  } catch (error) {
    if (error instanceof Error && refusals.has(error.name)) throw new CommandError(`${file} is not converted. ${error.message}`, { cause: error });
    throw error;
  }
}

/** What the model's owner can mend; anything else is ours. */
const refusals = new Set(['UnsupportedModelError', 'ModelFormatError', 'ParityError', 'OnnxLoadError']);

/** Writes beside the place and renames: whoever reads the file sees the old one or the whole new one. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.${String(process.pid)}.partial`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new CommandError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

type Description = ReturnType<typeof describe>;

function describe(booster: Booster, onnx: Uint8Array, parity: Parity, out: string) {
  const classes = Math.max(1, booster.numClass);
  const isProbability = /^(binary|multi):/.test(booster.objective);
  return {
    out,
    bytes: onnx.length,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    objective: booster.objective,
    xgboostVersion: booster.version.join('.'),
    trees: booster.trees.length,
    rounds: booster.trees.length / classes,
    ...(booster.attributes['best_iteration'] === undefined ? {} : { bestIteration: Number(booster.attributes['best_iteration']) }),
    input: { name: 'features', type: 'float32', shape: ['rows', booster.numFeatures] as const, featureNames: booster.featureNames },
    output: isProbability
      ? { name: 'probabilities', type: 'float32', shape: ['rows', Math.max(2, booster.numClass)] as const }
      : { name: 'prediction', type: 'float32', shape: ['rows', 1] as const },
    parity,
  };
}

function show(result: Description, terminal: Terminal): void {
  const { input, output, parity } = result;
  const names = input.featureNames.length === 0 ? '' : `  ${terminal.style('dim', shorten(input.featureNames))}`;
  terminal.line(`${terminal.style('green', '✓')} ${terminal.style('bold', result.out)}  ${count(result.bytes)} bytes`);
  terminal.line(`  model   ${result.objective}, ${count(result.trees)} trees in ${count(result.rounds)} rounds, XGBoost ${result.xgboostVersion}`);
  if (result.bestIteration !== undefined && result.bestIteration + 1 < result.rounds) {
    terminal.line(`          ${terminal.style('yellow', `stopped early, best after round ${count(result.bestIteration + 1)}; all ${count(result.rounds)} rounds are converted, as Booster.predict uses them`)}`);
  }
  terminal.line(`  input   ${input.name} float32 [rows, ${String(input.shape[1])}], NaN is missing${names}`);
  terminal.line(`  output  ${output.name} float32 [rows, ${String(output.shape[1])}]`);
  terminal.line(`  parity  ${count(parity.rows)} adversarial rows, largest difference ${parity.maxDifference.toExponential(1)}`);
  terminal.line(`  sha256  ${result.sha256}`);
}

function shorten(names: readonly string[]): string {
  const shown = 8;
  return names.length <= shown ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${count(names.length - shown)} more`;
}

const convertExamples = `
Examples:
  slipway convert model.ubj --out model.onnx
  slipway convert model.tar.gz --out model.onnx --json     of a SageMaker training job

The graph has one input, features, float32 [rows, features] in the order of training, NaN for a missing value, and one
output: probabilities [rows, classes] ([rows, 2] for a binary model), or prediction [rows, 1].
Before it is written, ONNX Runtime's predictions are compared with XGBoost's arithmetic on rows made from the trees: on
each threshold, one float32 to either side of it, and with the value missing.
Exit code 1, and no file, where the model is refused (linear boosters, categorical splits, ..) or the two differ.
`;
