import type { ImageProgram } from '../core/context.ts';

/** The program that stands in for an image, if one is declared. */
export function findImageProgram(image: string, programs: readonly ImageProgram[]): ImageProgram | undefined {
  return programs.find((program) => program.image.test(image));
}
