import { existsSync } from 'node:fs';
import path from 'node:path';
import { readAssetManifest, type FileAsset } from './assets.ts';
import { readJson } from './json.ts';
import { AssemblyError, type Template } from './template.ts';

/** One stack of an assembly. */
export interface AssemblyStack {
  /** The artifact's id in its manifest. */
  readonly id: string;
  readonly stackName: string;
  /** The account and region that the app fixed, where it did. */
  readonly account?: string;
  readonly region?: string;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
  /** The construct path of each logical id, as the assembly's own metadata tells. */
  readonly constructPaths: Readonly<Record<string, string>>;
}

/** A cloud assembly: its stacks in the order in which they deploy, and their file assets. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly AssemblyStack[];
  readonly assets: readonly FileAsset[];
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string; readonly directoryName?: string; readonly tags?: Readonly<Record<string, string>> };
  readonly dependencies?: readonly string[];
  readonly metadata?: ConstructMetadata;
  /** Where the metadata lie when they are not in the manifest itself. */
  readonly additionalMetadataFile?: string;
}

/** Entries by construct path. */
type ConstructMetadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/** Loads a `cdk.out` as it is: stacks, nested assemblies (stages) and asset manifests. */
export function loadAssembly(directory: string): Assembly {
  const root = path.resolve(directory);
  const manifestFile = path.join(root, 'manifest.json');
  if (!existsSync(manifestFile)) throw new AssemblyError(`${root} holds no manifest.json: expected the output folder of \`cdk synth\`.`);
  const { artifacts = {} } = readJson<Manifest>(manifestFile);
  const stacks: AssemblyStack[] = [];
  const assets: FileAsset[] = [];
  for (const id of inDependencyOrder(artifacts, manifestFile)) {
    const artifact = artifacts[id]!;
    if (artifact.type === 'aws:cloudformation:stack') stacks.push(readStack(root, id, artifact));
    if (artifact.type === 'cdk:asset-manifest') assets.push(...readAssetManifest(path.join(root, required(artifact.properties?.file, id, 'file'))));
    if (artifact.type === 'cdk:cloud-assembly') {
      const nested = loadAssembly(path.join(root, required(artifact.properties?.directoryName, id, 'directoryName')));
      stacks.push(...nested.stacks);
      assets.push(...nested.assets);
    }
  }
  return { directory: root, stacks, assets };
}

function readStack(root: string, id: string, artifact: Artifact): AssemblyStack {
  const { properties, environment } = artifact;
  const template = readJson<Template>(path.join(root, required(properties?.templateFile, id, 'templateFile')));
  const [, account = '', region = ''] = /^aws:\/\/([^/]*)\/(.*)$/.exec(environment ?? '') ?? [];
  return {
    id,
    stackName: properties?.stackName ?? id,
    template,
    tags: properties?.tags ?? {},
    constructPaths: constructPaths(root, artifact),
    ...(/^\d{12}$/.test(account) && { account }),
    ...(region !== '' && region !== 'unknown-region' && { region }),
  };
}

function constructPaths(root: string, { metadata = {}, additionalMetadataFile: file }: Artifact): Record<string, string> {
  const all: ConstructMetadata = { ...metadata, ...(file !== undefined && readJson<ConstructMetadata>(path.join(root, file))) };
  const pairs = Object.entries(all).flatMap(([place, entries]) => entries.flatMap(({ type, data }) => (type === 'aws:cdk:logicalId' ? [[String(data), place.replace(/^\//, '')]] : [])));
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** Depth first over the dependencies; what does not depend keeps the manifest's order. */
function inDependencyOrder(artifacts: Readonly<Record<string, Artifact>>, file: string): string[] {
  const ordered = new Set<string>();
  const visiting = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.has(id)) return;
    if (visiting.has(id)) throw new AssemblyError(`${file}: the artifacts ${[...visiting, id].join(' → ')} depend on each other in a circle.`);
    visiting.add(id);
    // A dependency may name an artifact of the parent assembly, which is ordered there.
    for (const dependency of artifacts[id]?.dependencies ?? []) if (artifacts[dependency]) visit(dependency);
    visiting.delete(id);
    ordered.add(id);
  };
  Object.keys(artifacts).forEach(visit);
  return [...ordered];
}

function required(value: string | undefined, id: string, property: string): string {
  if (value === undefined) throw new AssemblyError(`The artifact ${id} of manifest.json has no ${property}: the assembly is of a version that the laptop does not know.`);
  return value;
}
