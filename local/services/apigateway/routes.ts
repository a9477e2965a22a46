type Segment = { readonly kind: 'text' | 'variable' | 'greedy'; readonly name: string };

/** A route's key, taken apart. */
export interface RoutePattern {
  readonly routeKey: string;
  /** `ANY` for every method. */
  readonly method: string;
  /** The path as declared, `/pets/{id}`. */
  readonly path: string;
  readonly segments: readonly Segment[];
}

/** A route that takes a request. */
export interface RouteMatch<R extends RoutePattern> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The key of the route that takes what no other takes. */
export const defaultRouteKey = '$default';

/** Takes `GET /pets/{id}` apart. @throws when it is no route key of an HTTP API */
export function parseRouteKey(routeKey: string): RoutePattern {
  if (routeKey === defaultRouteKey) return { routeKey, method: 'ANY', path: defaultRouteKey, segments: [] };
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) throw new Error(`"${routeKey}" is no route key: expected a method and a path such as "GET /pets/{id}", or "${defaultRouteKey}".`);
  return { routeKey, method, path, segments: split(path).map(parseSegment) };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+)?\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'text', name: text };
  return { kind: plus === undefined ? 'variable' : 'greedy', name };
}

/**
 * Finds the most specific route: a full match before one by `{proxy+}`, then literal text before variables, segment by
 * segment, then the method itself before ANY, and `$default` last.
 * @param path without the stage, still percent-encoded: an encoded slash is no separator
 */
export function matchRoute<R extends RoutePattern>(routes: Iterable<R>, method: string, path: string): RouteMatch<R> | undefined {
  const parts = split(path).map(decodeURIComponent);
  let best: RouteMatch<R> | undefined = undefined;
  for (const route of routes) {
    if (route.method !== 'ANY' && route.method !== method) continue;
    const pathParameters = route.routeKey === defaultRouteKey ? {} : matchSegments(route.segments, parts);
    if (pathParameters !== undefined && (best === undefined || compare(route, best.route) < 0)) best = { route, pathParameters };
  }
  return best;
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'text' ? part !== name || index >= parts.length : part === '') return undefined;
    if (kind !== 'text') parameters[name] = part;
    if (kind === 'greedy') return parameters;
  }
  return segments.length === parts.length ? parameters : undefined;
}

const ranks = { text: 0, variable: 1, greedy: 2 };

/** Negative when `left` is the more specific one of two routes that match the same request. */
function compare(left: RoutePattern, right: RoutePattern): number {
  return rank(left).localeCompare(rank(right));
}

/** Sorts by specificity. */
function rank({ routeKey, method, segments }: RoutePattern): string {
  if (routeKey === defaultRouteKey) return 'default';
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  return `${isGreedy ? 'b' : 'a'}${segments.map(({ kind }) => ranks[kind]).join('')}${method === 'ANY' ? 4 : 3}`;
}

function split(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
