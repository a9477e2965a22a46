import type { Arch } from './platform.ts';
import { buildPrograms, type ProgramsBuild } from './programs.ts';

/**
 * Builds `<out>/<arch>/<image>/`: the folders that Docker builds the images of the model server and of the inference function from, on whatever
 * machine. The program is bundled and has its native files beside it, so that building the image downloads nothing but its base.
 */
export function buildImages(out: string, archs: readonly Arch[]): Promise<ProgramsBuild[]> {
  return buildPrograms(out, archs, [
    { name: 'model-server', source: 'containers/model-server/main.ts', threads: { 'heavy-worker': 'model/serving/heavy/worker.ts' }, files: ['containers/model-server/Dockerfile'] },
    { name: 'inference-function', source: 'lambda/inference/handler.ts', files: ['containers/inference-function/Dockerfile'] },
  ]);
}
