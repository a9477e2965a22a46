import type { Json, JsonObject } from './types.ts';

/** The variables of a scope. Inner scopes read outer ones and never write to them. */
export class Variables {
  private readonly outer: Variables | undefined;
  private own: JsonObject;

  constructor(outer?: Variables, own: JsonObject = {}) {
    this.outer = outer;
    this.own = own;
  }

  /** A variable's value, or undefined where it has none. */
  get(name: string): Json | undefined {
    return Object.hasOwn(this.own, name) ? this.own[name] : this.outer?.get(name);
  }

  /** Sets variables of this scope, all at once. */
  assign(values: JsonObject): void {
    this.own = { ...this.own, ...values };
  }

  /** What this scope itself has assigned. */
  snapshot(): JsonObject {
    return this.own;
  }

  /** Everything that is visible from here. */
  visible(): JsonObject {
    return { ...this.outer?.visible(), ...this.own };
  }
}
