/** A request to the prediction API, whichever way it came in. */
export interface HttpRequest {
  readonly method: string;
  /** The path without a stage and without the query. */
  readonly path: string;
  /** What stands behind the path's `?`, as it was sent; empty where there is none. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly requestId: string;
}

/** An answer of the prediction API. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
