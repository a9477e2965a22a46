import type { UsageQuota } from './types.ts';

const dayMilliseconds = 86_400_000;

/**
 * The period of a quota that a time falls into, named by its first day (UTC). Weeks begin on Sunday and months on the first, each `Offset` days
 * later where the quota says so.
 */
export function periodOf(time: Date, { Period: period = 'MONTH', Offset: offset = 0 }: UsageQuota): string {
  const shift = period === 'DAY' ? 0 : Number(offset) * dayMilliseconds;
  const day = new Date(time.getTime() - shift);
  const daysBack = { DAY: 0, WEEK: day.getUTCDay(), MONTH: day.getUTCDate() - 1 }[period];
  return new Date(day.getTime() - daysBack * dayMilliseconds + shift).toISOString().slice(0, 10);
}
