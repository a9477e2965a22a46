import type { Handler } from './call.ts';
import { docs } from './routes/docs.ts';
import { health, ping } from './routes/health.ts';
import { info } from './routes/info.ts';
import { invocations } from './routes/invocations.ts';
import { metrics } from './routes/metrics.ts';
import { openApi } from './routes/openapi.ts';
import { predict, predictBatch } from './routes/predict.ts';
import { infer, modelMetadata, modelReady, serverLive, serverMetadata, serverReady } from './routes/v2.ts';

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
  '/metrics': { GET: metrics },
  '/openapi.json': { GET: openApi },
  '/docs': { GET: docs },
  '/v2': { GET: serverMetadata },
  '/v2/health/live': { GET: serverLive },
  '/v2/health/ready': { GET: serverReady },
};

const predicting = new Set(['/predict', '/predict/batch', '/invocations']);
const expected = [...Object.keys(plainRoutes), '/v2/models/{model}', '/v2/models/{model}/infer'].join(', ');

const plain: ReadonlyMap<string, Route> = new Map(
  Object.entries(plainRoutes).map(([name, methods]) => [name, { name, methods, parameters: [], predicts: predicting.has(name), isProtocol: name.startsWith('/v2'), expected }]),
);

/** The route of a path, with or without a slash at its end. */
export function routeOf(path: string): Route {
  const found = plain.get(path);
  if (found !== undefined) return found;
  const trimmed = path.replace(/\/+$/, '');
  return plain.get(trimmed) ?? protocolRoute(trimmed) ?? unknown(path);
}

/** `/v2/models/{model}`, perhaps a version, perhaps what is asked of it. */
const modelPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;

const modelRoutes = {
  '': { methods: { GET: modelMetadata }, predicts: false },
  '/ready': { methods: { GET: modelReady }, predicts: false },
  '/infer': { methods: { POST: infer }, predicts: true },
} as const;

function protocolRoute(path: string): Route | undefined {
  const [, model, version, asked] = modelPath.exec(path) ?? [];
  if (model === undefined) return undefined;
  const action = asked === undefined ? '' : (`/${asked}` as keyof typeof modelRoutes);
  const name = `/v2/models/{model}${version === undefined ? '' : '/versions/{version}'}${action}`;
  return { name, ...modelRoutes[action], parameters: [model, ...(version === undefined ? [] : [version])].map(decoded), isProtocol: true, expected };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No such model has a name that cannot be decoded.
    return segment;
  }
}

function unknown(path: string): Route {
  return { name: 'unknown', methods: undefined, parameters: [], predicts: false, isProtocol: /^\/v2(\/|$)/.test(path), expected };
}
