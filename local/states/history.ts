import type { Clock } from '../core/context.ts';
import type { HistoryEvent, HistoryEventDetails, HistoryEventType } from './history-event.ts';

/** Where a chain of events stands: each branch and iteration has its own. */
export interface Trail {
  last: number;
}

/** Numbers the events of an execution and hands them on. */
export class History {
  private nextId: number;
  private readonly clock: Clock;
  private readonly sink: (event: HistoryEvent) => void;

  constructor(firstEventId: number, clock: Clock, sink: (event: HistoryEvent) => void) {
    this.nextId = firstEventId;
    this.clock = clock;
    this.sink = sink;
  }

  /** Adds an event to a chain and answers its id. */
  add(trail: Trail, type: HistoryEventType, details: HistoryEventDetails = {}): number {
    const id = this.beside(trail, type, details);
    trail.last = id;
    return id;
  }

  /** Adds an event that hangs on a chain but on which the chain does not continue, such as MapIterationSucceeded. */
  beside(trail: Trail, type: HistoryEventType, details: HistoryEventDetails = {}): number {
    const id = this.nextId++;
    this.sink({ id, previousEventId: trail.last, timestamp: this.clock.now(), type, ...details });
    return id;
  }
}
