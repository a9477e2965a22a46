/** What is kept of an HTTP API from one start to the next. */
export interface StoredApi {
  /** The port it last listened on, so that its URL outlives a restart. */
  readonly port: number;
}
