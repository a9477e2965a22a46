import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureThreshold, plan } from '../../../../local/services/ecs/plan.ts';

const task = (primary: boolean, healthy: boolean) => ({ primary, healthy });
const rolling = { maximumPercent: 200, minimumHealthyPercent: 100 };

test('a new task comes before an old one goes, where there is room', () => {
  const old = task(false, true);
  expect(plan([old], { desiredCount: 1, ...rolling })).toEqual({ start: 1, stop: [] });
  expect(plan([old, task(true, false)], { desiredCount: 1, ...rolling })).toEqual({ start: 0, stop: [] });
  expect(plan([old, task(true, true)], { desiredCount: 1, ...rolling })).toEqual({ start: 0, stop: [old] });
});

test('where there is none, an old one goes first, as far as enough are left', () => {
  const [first, second] = [task(false, true), task(false, true)];
  expect(plan([first, second], { desiredCount: 2, maximumPercent: 100, minimumHealthyPercent: 50 })).toEqual({ start: 1, stop: [first] });
  expect(plan([first, second], { desiredCount: 2, maximumPercent: 100, minimumHealthyPercent: 100 })).toEqual({ start: 0, stop: [] });
});

test('what does not answer goes at once, and first when there are too many', () => {
  const [well, ill] = [task(true, true), task(true, false)];
  expect(plan([well, ill], { desiredCount: 1, ...rolling }).stop).toEqual([ill]);
  expect(plan([task(false, false), well], { desiredCount: 1, ...rolling })).toMatchObject({ start: 0, stop: [{ primary: false }] });
  expect(plan([well, ill], { desiredCount: 0, ...rolling }).stop).toHaveLength(2);
});

test('whatever a service has, its bounds hold, and it arrives', () => {
  const tasks = fc.array(fc.record({ primary: fc.boolean(), healthy: fc.boolean() }), { maxLength: 12 });
  fc.assert(
    fc.property(tasks, fc.integer({ min: 0, max: 6 }), fc.constantFrom([200, 100], [150, 50], [100, 0], [200, 0]), (has, desiredCount, [maximumPercent = 0, minimumHealthyPercent = 0]) => {
      let now = [...has];
      for (let step = 0; step < 40; step += 1) {
        const healthyBefore = now.filter(({ healthy }) => healthy).length;
        const { start, stop } = plan(now, { desiredCount, maximumPercent, minimumHealthyPercent });
        const kept = now.filter((one) => !stop.includes(one));
        const least = Math.min(healthyBefore, Math.ceil((desiredCount * minimumHealthyPercent) / 100));
        expect(kept.filter(({ healthy }) => healthy).length).toBeGreaterThanOrEqual(Math.min(least, desiredCount));
        if (start > 0) expect(kept.length + start).toBeLessThanOrEqual(Math.max(desiredCount, Math.floor((desiredCount * maximumPercent) / 100)));
        now = [...kept, ...Array.from({ length: start }, () => task(true, false))].map(({ primary }) => task(primary, true));
      }
      // With no room above and none below, ECS is stuck as well.
      const most = Math.floor((desiredCount * maximumPercent) / 100);
      if (most > desiredCount || Math.ceil((desiredCount * minimumHealthyPercent) / 100) < desiredCount || desiredCount === 0) expect(now).toEqual(Array.from({ length: desiredCount }, () => task(true, true)));
    }),
  );
});

test('half of a service may fail, but three tasks in any case', () => {
  expect([1, 6, 10, 1000].map(failureThreshold)).toEqual([3, 3, 5, 200]);
});
