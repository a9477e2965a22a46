// Loaded before a function whose bundle was built for another machine than this one. Where its code asks for a native package
// of this machine, and the bundle holds the same package for the function's own architecture, the host's copy stands in. A package that the
// bundle lacks altogether stays missing: it would be missing on AWS as well.
import { writeSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL, URL } from 'node:url';

// Parameters come in the module's own URL, so that the function's environment stays what it is on AWS.
const parameters = new URL(import.meta.url).searchParams;
const hostModules = parameters.get('hostModules');
const targetArchitecture = parameters.get('targetArchitecture');
const reportsTo = Number(parameters.get('reportsTo'));

const hostRequire = createRequire(path.join(hostModules, 'resolve.js'));
const reported = new Set();
const notFound = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** The same name as code on the function's own machine would ask for: `linux/x64` → `linux/arm64`. @param {string} specifier */
function asOnTarget(specifier) {
  return specifier.replaceAll(process.arch, targetArchitecture).replaceAll(process.platform, 'linux');
}

/** Where the host keeps what the specifier means. @param {string} specifier @param {string | undefined} parent */
function onHost(specifier, parent) {
  if (!specifier.startsWith('.') && !path.isAbsolute(specifier)) return hostRequire.resolve(specifier);
  const wanted = path.resolve(path.dirname(fileURLToPath(parent)), specifier);
  const inside = wanted.split(`${path.sep}node_modules${path.sep}`);
  return inside.length < 2 ? undefined : hostRequire.resolve(inside.at(-1));
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      const target = asOnTarget(specifier);
      if (!notFound.has(error.code) || target === specifier) throw error;
      let bundled, file;
      try {
        bundled = nextResolve(target, context).url;
        file = onHost(specifier, context.parentURL);
      } catch {
        throw error;
      }
      if (file === undefined) throw error;
      if (!reported.has(file)) {
        reported.add(file);
        writeSync(reportsTo, `${JSON.stringify({ wanted: bundled.split('/node_modules/').at(-1), used: file })}\n`);
      }
      return { url: pathToFileURL(file).href, shortCircuit: true };
    }
  },
});
