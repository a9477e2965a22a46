import type { Served } from '../live-models.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { askedVersion } from './version.ts';

/** What the routes need of the world. */
export interface ServingPorts {
  /** The model for a request, or of the version that it asks for. @throws HttpError 503 while there is no model, 404 where the version is not live. */
  choose(version?: string): Promise<Served>;
  /** All live models, the stable one first. @throws HttpError 503 while there is none. */
  all(): Promise<readonly Served[]>;
  /** Checks who calls. @throws HttpError 401, 403 @default - whoever reaches it may call */
  authorize?(request: HttpRequest): Promise<void>;
  /** The most rows that one request may send. */
  readonly maximumRows: number;
  /** The most bytes that one request may send. @default - what Lambda and SageMaker take */
  readonly maximumBytes?: number;
  /** Told of each request once it is answered. */
  observe(observation: Observation): void;
  /** A request failed for no fault of its sender. */
  onFailure(error: unknown, requestId: string): void;
  /** The text of `/metrics`. @default - there is no such route: where it runs, a process does not last between requests */
  metricsText?(): Promise<string>;
}

/** A request that was answered. */
export interface Observation {
  /** Such as `/predict` or `/v2/models/{model}/infer`; `unknown` where there is no such route. */
  readonly route: string;
  /** Whether the route predicts: calls for health, documents and metrics are not what a target's metrics count. */
  readonly predicts: boolean;
  readonly status: number;
  /** Of the model that was chosen, if any. */
  readonly role?: Served['role'];
  readonly modelVersion?: string;
  /** Rows that were predicted. */
  readonly rows: number;
  /** From the request to its answer. */
  readonly milliseconds: number;
  /** For those who were asked to log payloads. */
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** A request while it is answered. */
export class Call {
  readonly request: HttpRequest;
  readonly ports: ServingPorts;
  /** The model that answers, once it is chosen. */
  served: Served | undefined;
  /** Rows that were predicted. */
  rows = 0;

  constructor(request: HttpRequest, ports: ServingPorts) {
    this.request = request;
    this.ports = ports;
  }

  /**
   * The model that answers: of the version that the caller asks for, or whichever the weights give.
   * @param inBody the version that the body asks for
   * @throws HttpError 404, 503 as `ServingPorts.choose` does
   * @throws RequestError where the caller asks for two versions at once
   */
  async choose(inBody?: string): Promise<Served> {
    return (this.served = await this.ports.choose(askedVersion(this.request, inBody)));
  }
}

/** Answers requests to one route. */
export type Handler = (call: Call, ...parameters: string[]) => HttpResponse | Promise<HttpResponse>;
