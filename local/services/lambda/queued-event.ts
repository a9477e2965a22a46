/** An event that waits for its function, as the store keeps it. */
export interface QueuedEvent {
  readonly functionName: string;
  /** The version or alias that was called. */
  readonly qualifier?: string;
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly receivedAt: string;
  readonly attempts: number;
}
