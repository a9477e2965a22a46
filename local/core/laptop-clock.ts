import { pacedClock, systemClock } from './clock.ts';
import type { Clock } from './context.ts';
import type { Store } from './store.ts';

/** Where the laptop's time stood, and how fast it ran. */
interface TimeRecord {
  /** ISO time. */
  readonly at: string;
  readonly speed: number;
}

/** How often the time is written down: as much may be lost when the laptop is killed. */
const saveMilliseconds = 1000;

/** A laptop's clock, for as long as it runs. */
export interface LaptopClock {
  readonly clock: Clock;
  close(): void;
}

/**
 * Opens the clock of a state directory: the machine's, unless it is to run faster or once did. What is in the store has times on it, so
 * the laptop's time never goes back: after a fast run it goes on from where it was.
 */
export function openClock(store: Store, speed: number): LaptopClock {
  const records = store.collection<TimeRecord>('laptop', 'clock');
  const last = records.get('time');
  const reached = last === undefined ? 0 : Date.parse(last.at) + saveMilliseconds * last.speed;
  const ahead = reached > Date.now();
  if (!ahead) records.delete('time');
  if (!ahead && speed === 1) return { clock: systemClock, close: () => undefined };
  const clock = pacedClock(speed, Math.max(reached, Date.now()));
  const save = (): void => records.put('time', { at: clock.now().toISOString(), speed });
  save();
  const timer = setInterval(save, saveMilliseconds);
  timer.unref();
  return {
    clock,
    close() {
      clearInterval(timer);
      save();
    },
  };
}
