import type { Handler } from './call.ts';
import { health, ping } from './routes/health.ts';
import { info } from './routes/info.ts';
import { invocations } from './routes/invocations.ts';
import { predict, predictBatch } from './routes/predict.ts';

/** Where a path leads. */
export interface Route {
  /** The same for all its paths; `unknown` where there is no such route. */
  readonly name: string;
  readonly methods: Readonly<Record<string, Handler>> | undefined;
  /** What stands in the path in place of the name's braces. */
  readonly parameters: readonly string[];
  readonly predicts: boolean;
  /** Whether its errors are those of the Open Inference Protocol. */
  readonly isProtocol: boolean;
  /** The routes that there are, in words. */
  readonly expected: string;
}

const plainRoutes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/health': { GET: health },
  '/predict': { POST: predict },
  '/predict/batch': { POST: predictBatch },
  '/model/info': { GET: info },
  '/ping': { GET: ping },
  '/invocations': { POST: invocations },
};

const predicting = new Set(['/predict', '/predict/batch', '/invocations']);
const expected = Object.keys(plainRoutes).join(', ');

const plain: ReadonlyMap<string, Route> = new Map(
  Object.entries(plainRoutes).map(([name, methods]) => [name, { name, methods, parameters: [], predicts: predicting.has(name), isProtocol: false, expected }]),
);

/** The route of a path, with or without a slash at its end. */
export function routeOf(path: string): Route {
  return plain.get(path) ?? plain.get(path.replace(/\/+$/, '')) ?? unknown(path);
}

function unknown(_path: string): Route {
  return { name: 'unknown', methods: undefined, parameters: [], predicts: false, isProtocol: false, expected };
}
