import { type Case } from './cases.ts';
import { badBodies } from './bad/bodies.ts';
import { badFormats } from './bad/formats.ts';
import { badProtocol } from './bad/protocol.ts';
import { badRoutes } from './bad/routes.ts';
import { badRows } from './bad/rows.ts';
import { Random } from './random.ts';

/** Makes a bad request. */
export type BadRequest = (random: Random) => Omit<Case, 'title'>;

const kinds: readonly (readonly [string, BadRequest])[] = [badRows, badBodies, badFormats, badRoutes, badProtocol].flatMap((group) => Object.entries(group));

/** Bad requests of every kind in turn, each with the status and the field of its answer. The same ones each time. */
export function badRequests(count = 500): readonly Case[] {
  return Array.from({ length: count }, (_, index) => {
    const [title, make] = kinds[index % kinds.length]!;
    return { title: `${title} (${String(index)})`, ...make(new Random(index + 1)) };
  });
}
