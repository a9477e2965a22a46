import * as z from 'zod';

/**
 * What the driver is asked for: a step towards the record (the default: by the rollout machine, by an event of the endpoint), or by a schedule to stop
 * the endpoint or to start it again.
 */
export const driveEndpointSchema = z.looseObject({ action: z.enum(['apply', 'start', 'stop']).default('apply') });

/** How far the endpoint is. */
export interface Driven {
  /** Whether nothing is left to wait for. */
  readonly settled: boolean;
  /** APPLIED: it is as its record says. APPLYING: it is on its way there. FAILED: it will not get there by itself. STOPPED: a schedule stopped it. */
  readonly status: 'APPLIED' | 'APPLYING' | 'FAILED' | 'STOPPED';
  /** What is waited for, or why it failed. */
  readonly reason?: string;
}
