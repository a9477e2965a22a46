/** Lasting JSON documents of one kind of one service, by id. */
export interface Collection<T> {
  get(id: string): T | undefined;
  put(id: string, value: T): void;
  /** @returns whether there was one */
  delete(id: string): boolean;
  /** All documents, or those whose id starts with `prefix`, in the order of their ids. */
  list(prefix?: string): { readonly id: string; readonly value: T }[];
  /** Up to `limit` documents whose ids are greater than `after` and start with `prefix`, in order. */
  page(options: { readonly prefix?: string; readonly after?: string; readonly limit: number }): { readonly id: string; readonly value: T }[];
}

/** Everything that outlives the process. Each write is durable when it returns; `kill -9` at any moment leaves it whole. */
export interface Store {
  collection<T>(service: string, kind: string): Collection<T>;
  /** All of `work`'s writes or, when it throws, none. Not asynchronous; calls nest. */
  transaction<T>(work: () => T): T;
  close(): void;
}
