import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NamedError } from './errors.mjs';
import { isStreaming } from './response-stream.mjs';

const extensions = ['', '.js', '.mjs', '.cjs'];

/** The newest runtime whose handlers may still answer by a callback. */
const lastCallbackRuntime = 22;

/** @typedef {(event: unknown, context: object) => Promise<unknown>} Handler */

/**
 * Loads the function that a handler string such as `index.handler` or `folder/file.object.method` names.
 * @param {string} root the function's code
 * @param {string} handlerString
 * @param {string} executionEnvironment such as `AWS_Lambda_nodejs24.x`
 * @returns {Promise<Handler>}
 */
export async function loadHandler(root, handlerString, executionEnvironment) {
  const base = path.basename(handlerString);
  const dot = base.indexOf('.');
  if (dot < 1) throw new NamedError('Runtime.MalformedHandlerName', `Bad handler "${handlerString}": expected a file and an export, such as index.handler`);
  const stem = path.join(root, path.dirname(handlerString), base.slice(0, dot));
  const file = extensions.map((extension) => stem + extension).find((candidate) => path.extname(candidate) !== '' && existsSync(candidate));
  if (file === undefined) throw new NamedError('Runtime.ImportModuleError', `Error: Cannot find module '${path.basename(stem)}' in ${root}`);

  const exported = pick(await load(file), base.slice(dot + 1).split('.'));
  if (exported === undefined) throw new NamedError('Runtime.HandlerNotFound', `${handlerString} is undefined or not exported`);
  if (typeof exported !== 'function') throw new NamedError('Runtime.HandlerNotFound', `${handlerString} is not a function`);
  if (isStreaming(exported)) return exported;
  return exported.length < 3 ? async (event, context) => exported(event, context) : byCallback(exported, handlerString, executionEnvironment);
}

/** @param {string} file */
async function load(file) {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new NamedError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    if (error instanceof Error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')) {
      throw new NamedError('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    }
    throw error;
  }
}

/** CommonJS exports stand under `default` where Node could not see their names. */
function pick(module, names) {
  const inside = (start) => names.reduce((value, name) => value?.[name], start);
  return inside(module) ?? inside(module.default);
}

/** @returns {Handler} */
function byCallback(handler, handlerString, executionEnvironment) {
  const version = Number(/nodejs(\d+)/.exec(executionEnvironment ?? '')?.[1]);
  if (version > lastCallbackRuntime) {
    throw new NamedError(
      'Runtime.CallbackHandlerDeprecated',
      `${handlerString} takes a callback, which Node.js ${version} no longer serves: return a promise, or take two arguments.`,
    );
  }
  return (event, context) =>
    new Promise((resolve, reject) => {
      const returned = handler(event, context, (error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
      if (typeof returned?.then === 'function') returned.then(resolve, reject);
    });
}
