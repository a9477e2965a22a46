import { InvalidArgumentError, Option } from 'commander';
import type { RolloutPlan } from '../../model/spec/rollout-plan.ts';
import { CommandError } from './errors.ts';

/** The options that say how traffic moves. */
export interface PlanOptions {
  readonly canary?: number;
  readonly linear?: number;
  readonly interval?: number;
  readonly allAtOnce?: boolean;
}

/** Options of the commands that change what a target serves. */
export const rolloutOptions = {
  target: (): Option => new Option('--target <name>', 'the serving target, where there are several'),
  canary: (): Option => new Option('--canary <percent>', 'this share of the requests first, all of them after the interval').argParser(percent),
  linear: (): Option => new Option('--linear <percent>', 'so much more of the requests after each interval').argParser(percent),
  interval: (): Option => new Option('--interval <duration>', 'how long each share stays, such as 5m or 1h').argParser(durationSeconds),
  allAtOnce: (): Option => new Option('--all-at-once', 'all requests, as soon as the version was tried out'),
  detach: (): Option => new Option('--detach', 'start it and leave it'),
};

/** How long a share stays unless it is said. */
const usualInterval = 300;

/** The plan that options ask for; undefined where they ask for the target's own. @throws CommandError where they contradict each other */
export function planOf({ canary, linear, interval, allAtOnce }: PlanOptions): RolloutPlan | undefined {
  const asked = [canary === undefined ? '' : '--canary', linear === undefined ? '' : '--linear', allAtOnce === true ? '--all-at-once' : ''].filter((name) => name !== '');
  if (asked.length > 1) throw new CommandError(`${asked.join(' and ')} are given, expected one of them.`);
  if (interval !== undefined && (asked.length === 0 || allAtOnce === true)) throw new CommandError('--interval is given without --canary or --linear, whose shares it is about.');
  const intervalSeconds = interval ?? usualInterval;
  if (canary !== undefined) return { kind: 'canary', percent: canary, intervalSeconds };
  if (linear !== undefined) {
    if (linear < 1 || linear > 50) throw new CommandError(`--linear is ${String(linear)}, expected 1 to 50.`);
    return { kind: 'linear', stepPercent: linear, intervalSeconds };
  }
  return allAtOnce === true ? { kind: 'allAtOnce' } : undefined;
}

function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!(value > 0 && value < 100)) throw new InvalidArgumentError('Expected a number of percent above 0 and below 100, such as 10.');
  return value;
}

/** `90`, `90s`, `5m`, `2h`, `1d` as seconds. */
export function durationSeconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})(s|m|h|d)?$/.exec(text) ?? [];
  const seconds = Number(amount) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's']!;
  if (!(seconds >= 1 && seconds <= 604_800)) throw new InvalidArgumentError('Expected a duration such as 90s, 5m or 1h, 7 days at most.');
  return seconds;
}

/** `3=10` or `3=10%`: a version and its share. */
export function shareArgument(text: string, before: readonly VersionShare[] = []): VersionShare[] {
  const [, version, share] = /^([1-9]\d{0,8}|latest)=(\d{1,3}(?:\.\d+)?)%?$/.exec(text) ?? [];
  if (version === undefined || Number(share) > 100) throw new InvalidArgumentError('Expected VERSION=PERCENT, such as 3=10.');
  return [...before, { version: version === 'latest' ? version : Number(version), percent: Number(share) }];
}

/** A version and its share. */
export interface VersionShare {
  readonly version: number | 'latest';
  readonly percent: number;
}
