import { Agent, request as httpRequest } from 'node:http';

/** A request of the contract suite. */
export interface ContractRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a target answered. */
export interface ContractResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Where the contract's model is served. It must be the one of `contractModel()`, under the name and version given here. */
export interface Target {
  send(request: ContractRequest): Promise<ContractResponse>;
  /** @default - version 1 of the model's own name */
  readonly model?: { readonly name: string; readonly version: string };
  /** Requests that it is sent at once. @default 8 */
  readonly concurrency?: number;
  /** Takes `POST /invocations` alone, without a query: InvokeEndpoint, batch transform. @default false */
  readonly onlyInvocations?: boolean;
  /** Whether there is `/metrics`, as where a process lasts. @default false */
  readonly hasMetrics?: boolean;
  /** Response headers that get through to the caller. @default - all */
  readonly responseHeaders?: readonly string[];
  /** Response headers of refusals that get through to the caller. @default - as `responseHeaders` */
  readonly refusalHeaders?: readonly string[];
  /** What the model refuses fails more than the one request, so that such requests are left out: batch transform. @default false */
  readonly onlyAnswered?: boolean;
  /** Request headers that get through to the model; requests that need others are left out. @default - all */
  readonly requestHeaders?: readonly string[];
  /** Larger bodies are refused before they reach the model. @default - none are */
  readonly bodyBytes?: number;
  /** JSON and text bodies travel as text on the way (`travelsAsText`), so that bytes that are no UTF-8 do not arrive as they were sent. @default false */
  readonly takesTextAlone?: boolean;
  /** Paths with encoded bytes that are no UTF-8 are refused before they reach the model. @default false */
  readonly decodesPaths?: boolean;
  close?(): Promise<void>;
}

/** How many rows every target takes at once: the setting that the suite expects of it (MAX_BATCH_ROWS). */
export const maximumRows = 100;

/** A target that is reached over HTTP. @param url where its routes begin, such as `http://127.0.0.1:8080` or with a stage behind it */
export function httpTarget(url: string, more: Omit<Target, 'send'> = {}): Target {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    ...more,
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(`${url}${path}`, { method, headers: { ...headers, ...(body.length > 0 || method === 'POST' ? { 'content-length': body.length } : {}) }, agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answered = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
            resolve({ status: response.statusCode ?? 0, headers: answered, body: Buffer.concat(chunks) });
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: async () => {
      agent.destroy();
      await more.close?.();
    },
  };
}

/** Whether a gateway in front of a function hands a body on as text. */
export function travelsAsText(headers: ContractRequest['headers']): boolean {
  return headers['content-encoding'] === undefined && /^(application\/json\b|text\/)/i.test(headers['content-type'] ?? '');
}
