import type { Json } from './types.ts';

/** An intrinsic function over evaluated arguments. It throws an error whose message says what is wrong. */
export type IntrinsicFunction = (args: Json[], random: () => number) => Json;
