import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Which files a file imports, type imports included: paths relative to the project's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the relative imports and re-exports of all TypeScript files in some folders of `root`. */
export function readImports(root: string, folders: readonly string[]): ImportGraph {
  const files = globSync(folders.map((folder) => `${folder}/**/*.{ts,mts}`), { cwd: root }).sort();
  return new Map(files.map((file) => [file, importsOf(root, file)]));
}

function importsOf(root: string, file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => (fileName.startsWith('.') ? [path.join(path.dirname(file), fileName)] : []));
}

/** The circles of a graph, each from its first file back to it: at least one where there is any. */
export function findCircles(graph: ImportGraph): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push([...trail.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    trail.push(file);
    for (const imported of graph.get(file) ?? []) visit(imported);
    trail.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}
