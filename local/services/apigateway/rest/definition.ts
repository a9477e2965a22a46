import type { RoutePattern } from '../routes.ts';
import { matchRoute, parseRouteKey } from '../routes.ts';
import type { GatewayResponseProperties, MethodProperties, ModelProperties, ResourceProperties, RestAuthorizerProperties, ValidatorProperties } from './types.ts';

type ById<T> = Readonly<Record<string, T>>;

/** All parts of a REST API, by their ids: what a deployment takes a picture of. JSON. */
export interface Definition {
  readonly resources: ById<ResourceProperties>;
  /** By `<resource id>/<method>`. */
  readonly methods: ById<MethodProperties>;
  readonly authorizers: ById<RestAuthorizerProperties>;
  readonly validators: ById<ValidatorProperties>;
  /** By name, as methods refer to them. */
  readonly models: ById<ModelProperties>;
  /** By response type. */
  readonly gatewayResponses: ById<GatewayResponseProperties>;
}

/** The parts that a definition consists of. */
export type DefinitionPart = keyof Definition;

/** An API without any part. */
export const emptyDefinition: Definition = { resources: {}, methods: {}, authorizers: {}, validators: {}, models: {}, gatewayResponses: {} };

/** A resource with methods, ready to be matched. */
interface Resource extends RoutePattern {
  readonly resourceId: string;
}

/** The method that takes a request. */
export interface MethodMatch {
  readonly method: MethodProperties;
  readonly resourceId: string;
  /** As declared: `/pets/{id}`. */
  readonly resourcePath: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A definition whose methods can be found. */
export class MethodTable {
  readonly definition: Definition;
  readonly #rootId: string;
  readonly #resources: readonly Resource[];

  constructor(definition: Definition, rootId: string) {
    this.definition = definition;
    this.#rootId = rootId;
    const ids = new Set(Object.values(definition.methods).map(({ ResourceId }) => ResourceId));
    this.#resources = [...ids].map((resourceId) => ({ ...parseRouteKey(`ANY ${this.#pathOf(resourceId)}`), resourceId }));
  }

  /**
   * Finds the method of the most specific resource: one that has not the request's method takes nothing, even where a less specific one would.
   * @param path without the stage, still percent-encoded
   */
  find(httpMethod: string, path: string): MethodMatch | undefined {
    // A slash at the end means nothing to a REST API.
    const match = matchRoute(this.#resources, httpMethod, path.length > 1 ? path.replace(/\/$/, '') : path);
    if (match === undefined) return undefined;
    const { resourceId, path: resourcePath } = match.route;
    const method = this.definition.methods[`${resourceId}/${httpMethod}`] ?? this.definition.methods[`${resourceId}/ANY`];
    return method && { method, resourceId, resourcePath, pathParameters: match.pathParameters };
  }

  #pathOf(resourceId: string): string {
    const parts: string[] = [];
    for (let id = resourceId; id !== this.#rootId; ) {
      const resource = this.definition.resources[id];
      if (resource === undefined) throw new Error(`The resource ${id} of the API is not there: deploy it before the methods that stand on it.`);
      parts.unshift(resource.PathPart);
      id = resource.ParentId;
    }
    return `/${parts.join('/')}`;
  }
}
