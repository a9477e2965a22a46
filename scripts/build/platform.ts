import path from 'node:path';

/** A CPU that Lambda offers, as Node names it. The system is always Linux with glibc. */
export type Arch = 'arm64' | 'x64';

/** Every CPU that Lambda offers. */
export const archs: readonly Arch[] = ['arm64', 'x64'];

/** A build that cannot go on, with the fix. Shown without a stack. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** The project's root folder. */
export const root = path.join(import.meta.dirname, '..', '..');
