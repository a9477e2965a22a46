/** As much of autocannon, which has no types of its own, as is used here. */
declare module 'autocannon' {
  namespace autocannon {
    interface Request {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly onResponse?: (status: number, body: string, context: object, headers: Readonly<Record<string, string>> | undefined) => void;
    }
    interface Options {
      readonly url: string;
      readonly connections: number;
      /** In seconds. */
      readonly duration: number;
      /** Requests a second from all connections. @default - as many as are answered */
      readonly overallRate?: number;
      readonly requests: readonly Request[];
    }
    interface Result {
      readonly requests: { readonly average: number };
      /** In milliseconds. */
      readonly latency: { readonly p99: number };
      readonly errors: number;
      readonly timeouts: number;
    }
  }
  function autocannon(options: autocannon.Options): Promise<autocannon.Result>;
  export = autocannon;
}
