import type { Observation } from '../http/call.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { ModelIdentity } from '../live-models.ts';
import type { ModelSource } from '../model-source.ts';
import type { Role } from '../record.ts';

/** A live model as another thread is told of it. */
export interface LiveModelMessage {
  /** The same for the same model. */
  readonly key: number;
  readonly identity: ModelIdentity;
  readonly role: Role;
  /** With the first request that needs it. */
  readonly source?: ModelSource;
}

/** A request for the other thread. Models that it does not name are live no more. */
export interface HeavyRequestMessage {
  readonly id: number;
  readonly request: Omit<HttpRequest, 'body'> & { readonly body: Uint8Array };
  readonly live: readonly LiveModelMessage[];
  /** The model that answers unless the caller asks for a version; an index in `live`. */
  readonly chosen: number;
  readonly maximumRows: number;
}

/** What the other thread answers. */
export interface HeavyReplyMessage {
  readonly id: number;
  readonly response: HttpResponse;
  readonly observation: Omit<Observation, 'request' | 'response'>;
  /** What failed for no fault of the sender. */
  readonly failure?: unknown;
}
