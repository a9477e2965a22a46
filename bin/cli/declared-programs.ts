import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageProgram } from '../../local/index.ts';
import { CommandError } from './errors.ts';

/** The metadata by which an app declares a program: `{image, command, directory}`, the image as the template names it. */
const metadataType = 'slipway:laptop-program';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly properties?: { readonly directoryName?: string };
    readonly metadata?: Metadata;
    readonly additionalMetadataFile?: string;
  }>>;
}

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

interface Declaration {
  readonly image: unknown;
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
}

/**
 * The programs that an app declares for its training containers, those first whose images are told most exactly.
 * @throws CommandError where the folder of a program does not exist
 */
export async function declaredPrograms(assembly: string): Promise<ImageProgram[]> {
  const found = await declarations(assembly);
  return found
    .map(({ image, command, directory }) => ({ pattern: patternOf(image), command, directory: path.resolve(assembly, directory) }))
    .sort((a, b) => b.pattern.literal - a.pattern.literal)
    .map(({ pattern, command, directory }) => {
      if (!existsSync(directory)) throw new CommandError(`The app declares the laptop program \`${command.join(' ')}\` in ${directory}, which does not exist. The folder is told from the assembly's: was one of them moved alone?`);
      return { image: new RegExp(`^${pattern.source}$`), command, directory };
    });
}

async function declarations(folder: string): Promise<Declaration[]> {
  const { artifacts = {} } = await readJson<Manifest>(path.join(folder, 'manifest.json'));
  const parts = await Promise.all(Object.values(artifacts).map(async ({ type, properties, metadata = {}, additionalMetadataFile }) => {
    if (type === 'cdk:cloud-assembly') return declarations(path.join(folder, properties?.directoryName ?? ''));
    const more = additionalMetadataFile === undefined ? {} : await readJson<Metadata>(path.join(folder, additionalMetadataFile));
    return [...Object.values(metadata), ...Object.values(more)].flat().flatMap((entry) => (entry.type === metadataType ? [entry.data as Declaration] : []));
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
