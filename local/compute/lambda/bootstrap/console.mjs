import { formatWithOptions } from 'node:util';

/** @type {string | undefined} */
let requestId;

/** From now on, lines belong to this invocation. @param {string} id */
export function setRequestId(id) {
  requestId = id;
}

const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };

/**
 * Writes what the handler logs as Lambda does: a time, the invocation and a level before each message, or all of it as JSON.
 * @param {boolean} asJson
 */
export function patchConsole(asJson) {
  for (const [method, level] of Object.entries(levels)) {
    const stream = level === 'ERROR' || level === 'WARN' ? process.stderr : process.stdout;
    console[method] = (...values) => {
      const message = formatWithOptions({}, ...values);
      const timestamp = new Date().toISOString();
      stream.write(
        asJson
          ? `${JSON.stringify({ timestamp, level, requestId, message })}\n`
          : `${timestamp}\t${requestId ?? 'undefined'}\t${level}\t${message}\n`,
      );
    };
  }
}
