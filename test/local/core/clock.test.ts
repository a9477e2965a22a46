import { describe, expect, it } from 'vitest';
import { machineTime, pacedClock, systemClock, virtualClock } from '../../../local/core/clock.ts';
import type { Clock } from '../../../local/core/context.ts';

describe.each<[string, Clock]>([['the system clock', systemClock], ['a virtual clock', virtualClock(0)], ['a fast clock', pacedClock(1000, 0)]])('%s', (_, clock) => {
  it('sleeps', async () => {
    const before = clock.now().getTime();
    await clock.sleep(2);
    // A timer of the host may be early by a part of a millisecond.
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(1);
  });

  it('wakes with the reason of an abort, before or while it sleeps', async () => {
    await expect(clock.sleep(1e12, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    const control = new AbortController();
    const sleeping = clock.sleep(1e12, control.signal);
    control.abort(new Error('while'));
    await expect(sleeping).rejects.toThrow('while');
  });
});

it('a virtual clock wakes sleepers in the order in which they are due, without waiting', async () => {
  const clock = virtualClock(1000);
  const woken: number[] = [];
  await Promise.all([3_600_000, 60_000, 60_000_000].map(async (ms) => {
    await clock.sleep(ms);
    woken.push(clock.now().getTime());
  }));
  expect(woken).toEqual([61_000, 3_601_000, 60_001_000]);
});

it('a fast clock makes an hour of a second, and tells how long programs may work', async () => {
  const clock = pacedClock(360_000, 5000);
  const began = performance.now();
  await clock.sleep(3_600_000);
  expect(performance.now() - began).toBeLessThan(1000);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(3_605_000);
  expect([machineTime(clock, 2), machineTime(systemClock, 2)]).toEqual([720_000, 2]);
  expect(() => pacedClock(0, 0)).toThrow('expected a number above zero');
});
