import { Interruption, ChildrenStopped, Stopped } from './interruption.ts';
import type { ChildProgress, Json, ResumePoint } from './types.ts';

/** The child flows of a Parallel or Map state. */
export interface Children {
  readonly count: number;
  /** How many may run at the same time. */
  readonly concurrency: number;
  /** The state's own signal. */
  readonly parent: AbortSignal;
  /** How far they came before a redrive. */
  readonly progress?: readonly (ChildProgress | null)[];
  /** Runs one. It throws Stopped. */
  run(index: number, signal: AbortSignal, resume: ResumePoint | undefined): Promise<Json>;
  /** Whether the state goes on after so many failures; where it is absent, it does not. */
  tolerates?(failures: number): boolean;
  /** The error in place of the child's own, where failures were tolerated and became too many. */
  tooMany?(): Error;
}

/** Runs all of them and answers their outputs; undefined stands for a tolerated failure. Throws ChildrenStopped. */
export async function runChildren(children: Children): Promise<(Json | undefined)[]> {
  const { count, concurrency, parent } = children;
  const progress: (ChildProgress | null)[] = Array.from({ length: count }, (_, index) => children.progress?.[index] ?? null);
  const siblings = new AbortController();
  const signal = AbortSignal.any([parent, siblings.signal]);
  let failures = 0;
  let reason: { readonly thrown: unknown } | undefined;
  let broken: { readonly thrown: unknown } | undefined;
  let next = 0;

  const halt = (): void => {
    siblings.abort(new Interruption('SIBLING_FAILED'));
  };

  const failed = (stopped: Stopped): void => {
    if (reason !== undefined) return;
    const interrupted = stopped.reason instanceof Interruption;
    if (!interrupted) failures++;
    if (!interrupted && children.tolerates?.(failures) === true) return;
    reason = { thrown: interrupted ? stopped.reason : (children.tooMany?.() ?? stopped.reason) };
    halt();
  };
  const worker = async (): Promise<void> => {
    while (next < count && reason === undefined && broken === undefined) {
      const index = next++;
      const before = progress[index];
      if (before?.status === 'SUCCEEDED') continue;
      try {
        progress[index] = { status: 'SUCCEEDED', output: await children.run(index, signal, before?.resume) };
      } catch (thrown) {
        if (thrown instanceof Stopped) {
          progress[index] = { status: 'STOPPED', resume: thrown.resume };
          failed(thrown);
        } else {
          // Not the child failed but its start, such as a Map's ItemSelector: that is the state's own error.
          broken ??= { thrown };
          halt();
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  if (broken !== undefined) throw broken.thrown;
  if (reason !== undefined) throw new ChildrenStopped(reason.thrown, progress);
  return progress.map((child) => (child?.status === 'SUCCEEDED' ? child.output : undefined));
}
