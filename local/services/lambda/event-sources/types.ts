/** What a mapping says, as templates and the API name it. */
export interface MappingSettings {
  readonly EventSourceArn?: string;
  readonly FunctionName: string;
  readonly BatchSize?: number | string;
  readonly MaximumBatchingWindowInSeconds?: number | string;
  readonly Enabled?: boolean | string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number | string };
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern?: string }[] };
}

/** A mapping as it lasts. */
export interface MappingRecord {
  readonly id: string;
  readonly settings: MappingSettings;
  /** What the template said when it was last changed by it, as JSON. @default - the API made it */
  readonly declared?: string;
  /** ISO time. */
  readonly changedAt: string;
}

/** How batches are made unless a mapping says so. */
export const mappingDefaults = { batchSize: 10, concurrency: 5 } as const;

/** How many messages a batch holds at most. */
export function batchSizeOf({ BatchSize }: MappingSettings): number {
  return Number(BatchSize ?? mappingDefaults.batchSize);
}

/** How long a batch that is not full waits for more. */
export function windowOf({ MaximumBatchingWindowInSeconds }: MappingSettings): number {
  return Number(MaximumBatchingWindowInSeconds ?? 0);
}

/** Whether the mapping is to run. */
export function isEnabled({ Enabled }: MappingSettings): boolean {
  return String(Enabled ?? true) === 'true';
}
