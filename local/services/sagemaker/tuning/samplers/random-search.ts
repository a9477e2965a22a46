import type { Random } from './random.ts';
import type { Point, Space } from './space.ts';

/** A point drawn evenly from the space. */
export function randomPoint(space: Space, random: Random): Point {
  return space.map((parameter) => (parameter.kind === 'categorical' ? Math.floor(random() * parameter.values.length) : random()));
}
