import type { HttpAnswer } from './types.ts';

/** A refusal or failure as API Gateway itself answers it. */
export class GatewayError extends Error {
  readonly status: number;
  /** What went wrong behind the gateway: for the access log, never for the client. */
  readonly integrationError: string | undefined;

  constructor(status: number, message: string, integrationError?: string) {
    super(message);
    this.name = 'GatewayError';
    this.status = status;
    this.integrationError = integrationError;
  }

  /** What the client gets. */
  get answer(): HttpAnswer {
    return { status: this.status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: this.message }) };
  }
}

/** The integration failed; the client learns no more than that. */
export function integrationFailed(reason: string): GatewayError {
  return new GatewayError(500, 'Internal Server Error', reason);
}
