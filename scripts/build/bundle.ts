import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { externalPackages } from './native-packages.ts';
import { root } from './platform.ts';

/** A program to bundle: a handler, or the one program of an image. */
export interface Program {
  readonly name: string;
  /** Its entry point, from the project's root. */
  readonly source: string;
  /** Programs of its threads, which lie beside it under these names. @default - it has none */
  readonly threads?: Readonly<Record<string, string>>;
  /** What else goes into its folder, from the project's root. */
  readonly files: readonly string[];
}

/** A program's code, bundled. The same for every architecture. */
export interface Bundle {
  readonly program: Program;
  /** By the name of its file: `index.mjs`, and those of its threads. */
  readonly code: Readonly<Record<string, Uint8Array>>;
  /** The external packages that it imports. */
  readonly natives: readonly string[];
  /** The files that it was made from. */
  readonly inputs: readonly string[];
}

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const banner = "import { createRequire as slipwayCreateRequire } from 'node:module'; const require = slipwayCreateRequire(import.meta.url);";

/** Bundles programs by one call of esbuild: with the AWS SDK inside, which starts faster than a runtime's own and is the version that was tested. */
export async function bundlePrograms(programs: readonly Program[]): Promise<Bundle[]> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: programs.flatMap((program) => Object.entries(sourcesOf(program)).map(([file, source]) => ({ in: source, out: `${program.name}/${file}` }))),
    outdir: 'dist/programs',
    outExtension: { '.js': '.mjs' },
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The packages' ES modules, of which what is not used falls away.
    mainFields: ['module', 'main'],
    banner: { js: banner },
    // Names stay, since they stand in stack traces: identifiers are not minified. (esbuild's keepNames would cost each call that makes a function, 6 % of a prediction.)
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    sourcemap: false,
    external: externalPackages.flatMap((name) => [name, `${name}/*`]),
    logLevel: 'warning',
  });
  return programs.map((program) => {
    const files = Object.keys(sourcesOf(program)).map((name) => {
      const output = `dist/programs/${program.name}/${name}.mjs`;
      const file = result.outputFiles.find((candidate) => path.relative(root, candidate.path) === output);
      const meta = result.metafile.outputs[output];
      if (file === undefined || meta === undefined) throw new Error(`esbuild made no ${output}.`);
      return { name: `${name}.mjs`, code: file.contents, meta };
    });
    const natives = files.flatMap(({ meta }) => meta.imports.filter((entry) => entry.external === true && !isBuiltin(entry.path)).map((entry) => entry.path));
    const inputs = new Set(files.flatMap(({ meta }) => Object.keys(meta.inputs).map((input) => path.join(root, input))));
    return { program, code: Object.fromEntries(files.map(({ name, code }) => [name, code])), natives: [...new Set(natives)].sort(), inputs: [...inputs] };
  });
}

const sourcesOf = ({ source, threads }: Program): Readonly<Record<string, string>> => ({ index: source, ...threads });
