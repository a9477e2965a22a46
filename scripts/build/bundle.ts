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
  /** What else goes into its folder, from the project's root. */
  readonly files: readonly string[];
}

/** A program's code, bundled. The same for every architecture. */
export interface Bundle {
  readonly program: Program;
  readonly code: Uint8Array;
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
    entryPoints: programs.map(({ name, source }) => ({ in: source, out: `${name}/index` })),
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
    const output = `dist/programs/${program.name}/index.mjs`;
    const file = result.outputFiles.find((candidate) => path.relative(root, candidate.path) === output);
    const meta = result.metafile.outputs[output];
    if (file === undefined || meta === undefined) throw new Error(`esbuild made no ${output}.`);
    const natives = meta.imports.filter((entry) => entry.external === true && !isBuiltin(entry.path)).map((entry) => entry.path);
    return { program, code: file.contents, natives: [...new Set(natives)].sort(), inputs: Object.keys(meta.inputs).map((input) => path.join(root, input)) };
  });
}
