import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { externalPackages } from './native-packages.ts';
import { root } from './platform.ts';

/** A handler's code, bundled. The same for every architecture. */
export interface Bundle {
  readonly handler: string;
  readonly code: Uint8Array;
  /** The external packages that it imports. */
  readonly natives: readonly string[];
  /** The files that it was made from. */
  readonly inputs: readonly string[];
}

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const banner = "import { createRequire as slipwayCreateRequire } from 'node:module'; const require = slipwayCreateRequire(import.meta.url);";

/** Bundles all handlers by one call of esbuild: with the AWS SDK inside, which starts faster than the runtime's own and is the version that was tested. */
export async function bundleHandlers(handlers: readonly string[]): Promise<Bundle[]> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: handlers.map((handler) => ({ in: `lambda/${handler}/handler.ts`, out: `${handler}/index` })),
    outdir: 'dist/handlers',
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
    // Names stay: they stand in stack traces and in the error names that Step Functions matches.
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    legalComments: 'none',
    charset: 'utf8',
    sourcemap: false,
    external: externalPackages.flatMap((name) => [name, `${name}/*`]),
    logLevel: 'warning',
  });
  return handlers.map((handler) => {
    const output = `dist/handlers/${handler}/index.mjs`;
    const file = result.outputFiles.find((candidate) => path.relative(root, candidate.path) === output);
    const meta = result.metafile.outputs[output];
    if (file === undefined || meta === undefined) throw new Error(`esbuild made no ${output}.`);
    const natives = meta.imports.filter((entry) => entry.external === true && !isBuiltin(entry.path)).map((entry) => entry.path);
    return { handler, code: file.contents, natives: [...new Set(natives)].sort(), inputs: Object.keys(meta.inputs).map((input) => path.join(root, input)) };
  });
}
