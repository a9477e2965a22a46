import type { Json } from './types.ts';

/** One step of a path. */
export type Segment =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'descend' }
  | { readonly kind: 'function'; readonly name: PathFunction };

/** The functions that a path may end with. */
export const pathFunctions = ['length', 'size', 'keys', 'min', 'max', 'sum', 'avg'] as const;

/** A function at the end of a path. */
export type PathFunction = (typeof pathFunctions)[number];

/** What a path starts from: the input, the context object, a variable, or (within filters) the current item. */
export type PathRoot = { readonly kind: 'input' | 'context' | 'item' } | { readonly kind: 'variable'; readonly name: string };

/** A parsed path. */
export interface Path {
  readonly text: string;
  readonly root: PathRoot;
  readonly segments: readonly Segment[];
  /** Whether it can select at most one value. An indefinite path always answers an array. */
  readonly definite: boolean;
}

/** What a filter compares. */
export type Operand = { readonly kind: 'path'; readonly path: Path } | { readonly kind: 'literal'; readonly value: Json };

/** The comparisons of filters; one that begins like another stands before it. */
export const operators = ['==', '!=', '<=', '>=', '=~', '<', '>', 'in', 'nin'] as const;
/** How a filter compares. */
export type Operator = (typeof operators)[number];

/** The condition of a filter `[?(..)]`. */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'match'; readonly left: Operand; readonly pattern: RegExp };
