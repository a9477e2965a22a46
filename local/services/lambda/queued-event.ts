/** An event that waits for its function, as the store keeps it. */
export interface QueuedEvent {
  readonly functionName: string;
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly receivedAt: string;
  readonly attempts: number;
}
