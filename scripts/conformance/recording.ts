/** An event of a recorded history: its members are AWS's own, some of them parsed or replaced by placeholders. */
export interface RecordedEvent {
  readonly id: number | readonly number[];
  readonly previousEventId: number;
  readonly type: string;
  readonly [details: string]: unknown;
}

/** One recorded execution. */
export interface RecordedCase {
  /** Test id, `#`, the recorded call. */
  readonly id: string;
  /** `dd-mm-yyyy, hh:mm:ss` */
  readonly recorded: string;
  readonly kind: 'history' | 'output' | 'sync' | 'describe';
  readonly definition: string;
  readonly input: string;
  readonly expected: unknown;
}

/** How a recorded execution ended. */
export interface RecordedEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: string;
}

const endings: Readonly<Record<string, RecordedEnd['status']>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** The events of a case, where it recorded any. */
export function eventsOf({ kind, expected }: RecordedCase): readonly RecordedEvent[] {
  return kind === 'history' ? (expected as { events: RecordedEvent[] }).events : [];
}

/** How a case ended, or undefined where the recording does not tell. */
export function endOf(recorded: RecordedCase): RecordedEnd | undefined {
  if (recorded.kind === 'output') return { status: 'SUCCEEDED', output: recorded.expected };
  if (recorded.kind !== 'history') return recorded.expected as RecordedEnd;
  const last = eventsOf(recorded).at(-1);
  const status = endings[last?.type ?? ''];
  if (last === undefined || status === undefined) return undefined;
  const details = (last[`${last.type[0]?.toLowerCase()}${last.type.slice(1)}EventDetails`] ?? {}) as { output?: unknown; error?: string };
  return { status, ...details };
}

/** When it was recorded, in milliseconds. */
export function momentOf({ recorded }: RecordedCase): number {
  const [, day, month, year, time] = /^(\d+)-(\d+)-(\d+), ([\d:]+)$/.exec(recorded) ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (Number.isNaN(ms)) throw new Error(`Expected a date such as 04-11-2024, 11:02:43, found '${recorded}'.`);
  return ms;
}

/** The values of the input that the recorder replaced by placeholders of its own, by the placeholder. */
export function aliasesOf(recorded: RecordedCase): ReadonlyMap<string, unknown> {
  const [started] = eventsOf(recorded);
  const { input } = (started?.['executionStartedEventDetails'] ?? {}) as { input?: unknown };
  const aliases = new Map<string, unknown>();
  collect(input, JSON.parse(recorded.input) as unknown, aliases);
  return aliases;
}

function collect(placeholder: unknown, value: unknown, into: Map<string, unknown>): void {
  if (typeof placeholder === 'string') {
    if (placeholder !== value) into.set(placeholder, value);
  } else if (typeof placeholder === 'object' && placeholder !== null && typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(placeholder)) collect(member, (value as Record<string, unknown>)[name], into);
  }
}
