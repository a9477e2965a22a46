/** What intrinsics look things up in. */
export interface Scope {
  /** Where the value stands, for messages: `MyStack/Bucket`. */
  readonly place: string;
  /** Whether `{{resolve:..}}` stays as it is: in resources that are declarations alone, where no one reads it. */
  readonly keepDynamicReferences: boolean;
  /** A parameter, pseudo parameter or resource; undefined when there is none of that name. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  importValue(exportName: string): unknown;
  condition(name: string): boolean;
  map(name: string, topLevelKey: string, secondLevelKey: string): unknown;
}

/** Resolves a value that stands within another one, in the same scope. */
export type Resolve = (value: unknown) => unknown;
