import path from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeclarationError } from '../../model/spec/errors.ts';
import { laptopProgramMetadata } from '../../model/spec/laptop-program.ts';
import type { LaptopProgram } from '../laptop-program.ts';

/** @throws DeclarationError where there is no command */
export function checkProgram(place: string, { command }: LaptopProgram): void {
  if (command.length === 0 || command[0] === '') throw new DeclarationError(place, 'laptopProgram.command', command, "a program and its arguments, such as ['python3', 'train.py']");
}

/**
 * Leaves word of the program in the assembly's metadata: nothing of it is deployed. Its folder is told from the assembly's, so that both may move together.
 * @param archive that of a script, which is what tells two programs of one image apart
 */
export function declareProgram(scope: Construct, image: string, program: LaptopProgram | undefined, archive?: string): void {
  const assembly = Stage.of(scope)?.assetOutdir ?? process.cwd();
  scope.node.addMetadata(laptopProgramMetadata, {
    image,
    ...(archive === undefined ? {} : { archive }),
    ...(program === undefined ? {} : { command: program.command, directory: path.relative(assembly, path.resolve(program.directory)) }),
  });
}

/** Leaves word that a program of Slipway's own stands in for an image, by its name. */
export function declareOwnProgram(scope: Construct, image: string, program: string): void {
  scope.node.addMetadata(laptopProgramMetadata, { image, program });
}
