import type { LaptopContext } from '../../core/context.ts';
import { follow, parseSchedule } from './schedule.ts';

/** What fires by the clock, by its id. */
export class Timers {
  readonly #context: LaptopContext;
  readonly #timers = new Map<string, AbortController>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Fires at each time of the schedule from now on, in place of an earlier one of this id. */
  set(id: string, expression: string, zone: string | undefined, fire: (time: Date) => void): void {
    this.clear(id);
    const control = new AbortController();
    this.#timers.set(id, control);
    follow(parseSchedule(expression, zone), this.#context.clock, control.signal, fire).catch((error: unknown) => {
      if (!control.signal.aborted) this.#context.emit({ type: 'notice', message: `The schedule ${id} stopped: ${error instanceof Error ? error.message : String(error)}` });
    });
  }

  /** Stops firing. */
  clear(id: string): void {
    this.#timers.get(id)?.abort();
    this.#timers.delete(id);
  }

  /** Stops all. */
  close(): void {
    for (const id of [...this.#timers.keys()]) this.clear(id);
  }
}
