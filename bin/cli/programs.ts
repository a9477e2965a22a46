import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ImageProgram } from '../../local/index.ts';
import { modelServerProgram } from '../../model/spec/laptop-program.ts';

// Beside the sources this is TypeScript, in the built package JavaScript.
const root = path.resolve(import.meta.dirname, '../..');
const extension = path.extname(import.meta.filename);

/** Which program stands in for which container image on the laptop. */
export const imagePrograms: readonly ImageProgram[] = [
  {
    // SageMaker's built-in XGBoost: the same hyperparameters, channels and artifact.
    image: /\/sagemaker-xgboost:/,
    command: [process.execPath, path.join(root, `containers/xgboost/train${extension}`)],
  },
];

/** The model server, as its image starts it. */
export function modelServerCommand(): readonly [string, ...string[]] {
  return [process.execPath, '--max-semi-space-size=2', path.join(root, `containers/model-server/main${extension}`), 'serve'];
}

/** The programs of ours that an app names for its images. */
export const ownPrograms: Readonly<Record<string, ImageProgram['command']>> = { [modelServerProgram]: modelServerCommand() };

/**
 * What starts a script on the laptop as a framework's image does.
 * @param programs programs in place of scripts, by the name of a script's archive
 */
export function scriptRunner(programs: Readonly<Record<string, { readonly command: readonly string[]; readonly directory: string }>>): ImageProgram['command'] {
  return [process.execPath, path.join(root, `containers/framework/run${extension}`), JSON.stringify(programs)];
}

/** The host's own packages, whose native binaries stand in for those of a bundle's target. */
export function hostModules(): string {
  let directory = root;
  for (;;) {
    const candidate = path.join(directory, 'node_modules');
    if (directory.split(path.sep).at(-1) !== 'node_modules' && hasOnnxRuntime(candidate)) return candidate;
    const parent = path.dirname(directory);
    if (parent === directory) return path.join(root, 'node_modules');
    directory = parent;
  }
}

/** The native packages that a model needs and this machine lacks. They are optional peers: who only imports constructs downloads neither. */
export function missingNativePackages(modules: string): string[] {
  return ['@duckdb/node-api', 'onnxruntime-node'].filter((name) => !existsSync(path.join(modules, name)));
}

function hasOnnxRuntime(modules: string): boolean {
  return existsSync(path.join(modules, 'onnxruntime-node'));
}
