import { AwsError } from '../../core/errors.ts';
import type { Collection, Store } from '../../core/store.ts';
import type { HistoryEvent, ResumePoint } from '../../states/index.ts';

/** An execution as the store keeps it. */
export interface ExecutionRecord {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly name: string;
  readonly roleArn: string;
  /** Which definition it runs. */
  readonly revision: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** ISO times. */
  readonly startDate: string;
  readonly stopDate?: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDate?: string;
  readonly lastEventId: number;
  /** Where a redrive goes on. */
  readonly resume?: ResumePoint;
}

/** As long as the largest event number that AWS allows in a history (25,000), and then some. */
const digits = 8;

function eventKey(executionArn: string, id: number): string {
  return `${executionArn}/${String(id).padStart(digits, '0')}`;
}

/** Executions and their histories, which outlive the laptop. */
export class ExecutionStore {
  readonly #store: Store;
  readonly #executions: Collection<ExecutionRecord>;
  readonly #events: Collection<HistoryEvent>;

  constructor(store: Store) {
    this.#store = store;
    this.#executions = store.collection('states', 'execution');
    this.#events = store.collection('states', 'event');
  }

  /** The execution, if there is one of this ARN. */
  find(executionArn: string): ExecutionRecord | undefined {
    return this.#executions.get(executionArn);
  }

  /** @throws {AwsError} ExecutionDoesNotExist */
  get(executionArn: string): ExecutionRecord {
    const found = this.find(executionArn);
    if (found === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return found;
  }

  /** Writes an execution. */
  put(record: ExecutionRecord): void {
    this.#executions.put(record.executionArn, record);
  }

  /** All executions, or those of one state machine; the latest first. */
  list(stateMachineArn?: string): ExecutionRecord[] {
    const prefix = stateMachineArn === undefined ? '' : `${stateMachineArn.replace(':stateMachine:', ':execution:')}:`;
    return this.#executions
      .list(prefix)
      .map(({ value }) => value)
      .sort((a, b) => (a.startDate < b.startDate ? 1 : -1));
  }

  /** Writes an event of a history. */
  addEvent(executionArn: string, event: HistoryEvent): void {
    this.#events.put(eventKey(executionArn, event.id), event);
  }

  /** Up to `limit` events whose ids are greater than `after`, in order. */
  events(executionArn: string, after: number, limit: number): HistoryEvent[] {
    return this.#events
      .page({ prefix: `${executionArn}/`, after: eventKey(executionArn, after), limit })
      .map(({ value }) => ({ ...value, timestamp: new Date(value.timestamp) }));
  }

  /** The id of the last event that was written; 0 when there is none. */
  lastEventId(executionArn: string): number {
    let last = 0;
    for (;;) {
      const page = this.events(executionArn, last, 1000);
      if (page.length === 0) return last;
      last = page.at(-1)?.id ?? last;
    }
  }

  /** All of `work`'s writes, or none. */
  transaction<T>(work: () => T): T {
    return this.#store.transaction(work);
  }
}
