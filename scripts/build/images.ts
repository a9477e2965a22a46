import type { Arch } from './platform.ts';
import { buildPrograms, type ProgramsBuild } from './programs.ts';

/**
 * Builds `<out>/<arch>/model-server/`: the folder that Docker builds the model server's image from, on whatever machine. The server is bundled and
 * has its native files beside it, so that building the image downloads nothing but its base.
 */
export function buildImages(out: string, archs: readonly Arch[]): Promise<ProgramsBuild[]> {
  return buildPrograms(out, archs, [{ name: 'model-server', source: 'containers/model-server/main.ts', files: ['containers/model-server/Dockerfile'] }]);
}
