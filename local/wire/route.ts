import { requiredMembers, type OperationModel, type ServiceModel } from './model.ts';
import { decodePart } from './uri.ts';

/** What a REST request offers to find its operation by. */
export interface RouteRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** The operation that a REST request means, with the labels of its path (decoded). */
export interface Route {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly operation: OperationModel;
  readonly method: string;
  readonly path: RegExp;
  /** Literal characters of the path: the more, the more specific. */
  readonly literals: number;
  /** Query keys that the URI template demands, with their value if it names one. */
  readonly query: readonly (readonly [string, string | undefined])[];
  /** Required members that travel in the query or in headers. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

const patterns = new WeakMap<ServiceModel, readonly Pattern[]>();

/**
 * Finds the operation of a REST request: of all whose URI template and required members fit, the most
 * specific. Required members tell apart what templates do not (PutObject, UploadPart, CopyObject).
 */
export function findRoute(model: ServiceModel, request: RouteRequest, eligible: (operation: OperationModel) => boolean = () => true): Route | undefined {
  let known = patterns.get(model);
  if (!known) patterns.set(model, (known = compile(model)));
  let best: { route: Route; score: number } | undefined;
  for (const pattern of known) {
    const match = pattern.method === request.method ? pattern.path.exec(request.path) : null;
    if (!match || !offers(request, pattern) || !eligible(pattern.operation)) continue;
    const score = pattern.literals + 100 * (pattern.query.length + pattern.requiredQuery.length + pattern.requiredHeaders.length) + (isNamed(request, pattern) ? 10_000 : 0);
    if (!best || score > best.score) best = { score, route: { operation: pattern.operation, labels: decodeLabels(match.groups ?? {}) } };
  }
  return best?.route;
}

function compile(model: ServiceModel): Pattern[] {
  return [...model.operations.values()].filter((operation) => operation.http !== undefined).map(compilePattern);
}

function compilePattern(operation: OperationModel): Pattern {
  const [method = '', uri = ''] = operation.http ?? [];
  const [path = '', query = ''] = uri.split('?');
  const required = requiredMembers(operation.input).map((name) => operation.input.getMemberSchema(name).getMergedTraits());
  return {
    operation,
    method,
    path: pathExpression(path),
    literals: path.replace(/\{.*?\}/g, '').length,
    query: [...new URLSearchParams(query)].filter(([key]) => key !== 'x-id').map(([key, value]) => [key, value === '' ? undefined : value]),
    requiredQuery: required.flatMap((traits) => (typeof traits.httpQuery === 'string' ? [traits.httpQuery] : [])),
    requiredHeaders: required.flatMap((traits) => (typeof traits.httpHeader === 'string' ? [traits.httpHeader.toLowerCase()] : [])),
  };
}

function pathExpression(template: string): RegExp {
  const source = template.replace(/[.*^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => `(?<${name}>${greedy ? '.+' : '[^/]+'})`);
  return new RegExp(`^${source}/?$`);
}

function offers(request: RouteRequest, pattern: Pattern): boolean {
  return (
    pattern.query.every(([key, value]) => request.query.has(key) && (value === undefined || request.query.get(key) === value)) &&
    pattern.requiredQuery.every((key) => request.query.has(key)) &&
    pattern.requiredHeaders.every((name) => request.headers[name] !== undefined)
  );
}

/** The JavaScript SDK names the operation in `x-id`. */
function isNamed(request: RouteRequest, pattern: Pattern): boolean {
  return request.query.get('x-id') === pattern.operation.name;
}

function decodeLabels(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodePart(value)]));
}
