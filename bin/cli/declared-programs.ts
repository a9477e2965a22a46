import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageProgram } from '../../local/index.ts';
import { laptopProgramMetadata } from '../../model/spec/laptop-program.ts';
import { CommandError } from './errors.ts';
import { ownPrograms, scriptRunner } from './programs.ts';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly properties?: { readonly directoryName?: string };
    readonly metadata?: Metadata;
    readonly additionalMetadataFile?: string;
  }>>;
}

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

interface Program {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
}

/**
 * What an app declares: the image as the template names it. With an `archive` it is a script in a framework's image, and the program stands in for
 * the script alone; a `program` is one of ours, by its name.
 */
interface Declaration extends Partial<Program> {
  readonly image: unknown;
  readonly archive?: string;
  readonly program?: string;
}

/**
 * The programs that an app declares for its containers, those first whose images are told most exactly.
 * @throws CommandError where the folder of a program does not exist, or a program of ours is none that this version has
 */
export async function declaredPrograms(assembly: string): Promise<ImageProgram[]> {
  const found = (await declarations(assembly)).map(({ image, archive, program: own, ...program }) => ({ pattern: patternOf(image), archive, own, program: located(assembly, program) }));
  // Scripts share images: which of them a job runs, the runner sees by its archive.
  const runner = scriptRunner(Object.fromEntries(found.flatMap(({ archive, program }) => (archive === undefined || program === undefined ? [] : [[archive, program]]))));
  return found
    .sort((a, b) => b.pattern.literal - a.pattern.literal)
    .flatMap(({ pattern, archive, own, program }): ImageProgram[] => {
      const image = new RegExp(`^${pattern.source}$`);
      if (own !== undefined) return [{ image, command: ownCommand(own) }];
      if (archive !== undefined) return [{ image, command: runner }];
      return program === undefined ? [] : [{ image, ...program }];
    });
}

/** @throws CommandError where there is no such program */
function ownCommand(name: string): ImageProgram['command'] {
  const command = ownPrograms[name];
  if (command === undefined) throw new CommandError(`The app names the program '${name}' for an image, expected one of ${Object.keys(ownPrograms).join(', ')}. Was it synthesised with another version of Slipway?`);
  return command;
}

/** A program whose folder is told from the assembly's. @throws CommandError where the folder does not exist */
function located(assembly: string, { command, directory }: Partial<Program>): Program | undefined {
  if (command === undefined || directory === undefined) return undefined;
  const folder = path.resolve(assembly, directory);
  if (!existsSync(folder)) throw new CommandError(`The app declares the laptop program \`${command.join(' ')}\` in ${folder}, which does not exist. The folder is told from the assembly's: was one of them moved alone?`);
  return { command, directory: folder };
}

async function declarations(folder: string): Promise<Declaration[]> {
  const { artifacts = {} } = await readJson<Manifest>(path.join(folder, 'manifest.json'));
  const parts = await Promise.all(Object.values(artifacts).map(async ({ type, properties, metadata = {}, additionalMetadataFile }) => {
    if (type === 'cdk:cloud-assembly') return declarations(path.join(folder, properties?.directoryName ?? ''));
    const more = additionalMetadataFile === undefined ? {} : await readJson<Metadata>(path.join(folder, additionalMetadataFile));
    return [...Object.values(metadata), ...Object.values(more)].flat().flatMap((entry) => (entry.type === laptopProgramMetadata ? [entry.data as Declaration] : []));
  }));
  return parts.flat();
}

async function readJson<T>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}. Is this the output of cdk synth?`);
  }
}

/** An image as a template names it, as a pattern: what is known of it, and anything where a reference stands. */
function patternOf(image: unknown): { readonly source: string; readonly literal: number } {
  if (typeof image === 'string') {
    const parts = image.split(/\$\{[^}]*\}/);
    return { source: parts.map((part) => escaped(part)).join('.+'), literal: parts.join('').length };
  }
  const [[key, value] = []] = Object.entries((image ?? {}) as Record<string, unknown>);
  if (key === 'Fn::Sub') return patternOf(Array.isArray(value) ? value[0] : value);
  if (key !== 'Fn::Join') return { source: '.+', literal: 0 };
  const [delimiter, values] = value as [string, unknown[]];
  const parts = values.map(patternOf);
  return { source: parts.map(({ source }) => source).join(escaped(delimiter)), literal: parts.reduce((sum, { literal }) => sum + literal, 0) };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
