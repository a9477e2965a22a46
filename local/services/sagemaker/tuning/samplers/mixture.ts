import { randomPoint } from './random-search.ts';
import { normal } from './random.ts';
import type { Random } from './random.ts';
import type { Point, Space } from './space.ts';

/** How likely each point of a space is, as a mixture of kernels. */
export interface Mixture {
  draw(random: Random): Point;
  logDensity(point: Point): number;
}

/** A kernel's width around one point; with more points it shrinks by Scott's rule. */
const width = 0.25;

/** How much of a category's probability is shared out evenly instead of staying with the kernel's own. */
const evenShare = 0.35;

/** A kernel around each point (a normal that is cut at the bounds, a category that mostly stays) and, as one more, the even distribution. */
export function mixtureOf(space: Space, points: readonly Point[]): Mixture {
  const deviation = width * Math.max(1, points.length) ** (-1 / (space.length + 4));
  const masses = points.map((center) => space.map((parameter, index) => (parameter.kind === 'categorical' ? 1 : massWithin(center[index] ?? 0, deviation))));
  const evenDensity = space.reduce((sum, parameter) => sum - (parameter.kind === 'categorical' ? Math.log(parameter.values.length) : 0), 0);

  const kernelDensity = (kernel: number, point: Point): number =>
    space.reduce((sum, parameter, index) => {
      const center = points[kernel]?.[index] ?? 0;
      const place = point[index] ?? 0;
      if (parameter.kind === 'categorical') return sum + Math.log((place === center ? 1 - evenShare : 0) + evenShare / parameter.values.length);
      const distance = (place - center) / deviation;
      return sum - (distance * distance) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI) * (masses[kernel]?.[index] ?? 1));
    }, 0);

  return {
    draw(random) {
      const center = points[Math.floor(random() * (points.length + 1))];
      if (center === undefined) return randomPoint(space, random);
      return space.map((parameter, index) => {
        const own = center[index] ?? 0;
        if (parameter.kind === 'categorical') return random() < evenShare ? Math.floor(random() * parameter.values.length) : own;
        return cutNormal(own, deviation, random);
      });
    },
    logDensity(point) {
      const densities = [evenDensity, ...points.map((_, kernel) => kernelDensity(kernel, point))];
      const highest = Math.max(...densities);
      return highest + Math.log(densities.reduce((sum, density) => sum + Math.exp(density - highest), 0) / densities.length);
    },
  };
}

/** A normal number between 0 and 1; drawn again where it lies outside, which at least half of the draws around a place within do not. */
function cutNormal(center: number, deviation: number, random: Random): number {
  for (;;) {
    const place = center + deviation * normal(random);
    if (place >= 0 && place <= 1) return place;
  }
}

/** The share of a normal distribution that lies between 0 and 1. */
function massWithin(center: number, deviation: number): number {
  return cumulative((1 - center) / deviation) - cumulative(-center / deviation);
}

/** The normal distribution function (Abramowitz and Stegun 7.1.26, exact to 1.5e-7). */
function cumulative(value: number): number {
  const scaled = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * scaled);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-scaled * scaled);
  return value >= 0 ? 1 - tail / 2 : tail / 2;
}
