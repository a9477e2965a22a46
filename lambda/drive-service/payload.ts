import * as z from 'zod';

/** What a rollout hands over. Tasks follow the deployment record by themselves, so that nothing of it is needed. */
export const driveServiceSchema = z.looseObject({});

/** How far the service is. */
export interface Driven {
  /** Whether nothing is left to wait for. */
  readonly settled: boolean;
  readonly status: 'APPLIED' | 'APPLYING' | 'FAILED';
  /** What is waited for, or why it failed. */
  readonly reason?: string;
}
