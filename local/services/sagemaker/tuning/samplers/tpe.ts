import { mixtureOf } from './mixture.ts';
import { randomPoint } from './random-search.ts';
import type { Random } from './random.ts';
import type { Point, Space } from './space.ts';

/** What is known of a trial: where it lies and, once it is measured, what it reached; less is better. */
export interface Observation {
  readonly point: Point;
  /** @default - it still runs */
  readonly loss?: number;
}

/** How many points of the promising part are compared. */
const candidates = 32;

/** The share of the measured trials that counts as good, and how many at most. */
const goodShare = 0.15;
const mostGood = 25;

/**
 * The next point by a tree-structured Parzen estimator (Bergstra et al., 2011), in its multivariate form: of points drawn around the
 * good trials the one that is most likely among the good and least likely among the others. Trials that still run count as others, so
 * that trials side by side do not all go to one place.
 * @param startup how many trials are drawn evenly before.
 */
export function tpePoint(space: Space, history: readonly Observation[], startup: number, random: Random): Point {
  const measured = history.filter((trial): trial is Required<Observation> => trial.loss !== undefined).sort((a, b) => a.loss - b.loss);
  if (measured.length < startup) return randomPoint(space, random);
  const good = measured.slice(0, Math.min(mostGood, Math.max(2, Math.ceil(goodShare * measured.length))));
  const others = [...measured.slice(good.length), ...history.filter(({ loss }) => loss === undefined)];
  const promising = mixtureOf(space, good.map(({ point }) => point));
  const poor = mixtureOf(space, others.map(({ point }) => point));
  const drawn = Array.from({ length: candidates }, () => promising.draw(random)).map((point) => ({ point, gain: promising.logDensity(point) - poor.logDensity(point) }));
  return drawn.reduce((best, candidate) => (candidate.gain > best.gain ? candidate : best)).point;
}
