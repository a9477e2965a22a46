// Loaded before every function: Lambda's Node runtimes bring the AWS SDK v3, so code may import a client that its bundle does not hold. Here the
// host's own copy is that SDK. A client that neither has stays missing.
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL, URL } from 'node:url';

const hostModules = new URL(import.meta.url).searchParams.get('hostModules');
const hostRequire = createRequire(path.join(hostModules, 'resolve.js'));
const notFound = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (!notFound.has(error.code) || !/^@(aws-sdk|smithy)\//.test(specifier)) throw error;
      let file;
      try {
        file = hostRequire.resolve(specifier);
      } catch {
        throw error;
      }
      return { url: pathToFileURL(file).href, shortCircuit: true };
    }
  },
});
