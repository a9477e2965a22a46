import type { Booster } from './booster.ts';

/** Whether an XGBoost version is `major.minor` or newer. */
export function isAtLeast(version: Booster['version'], major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
