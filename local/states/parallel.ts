import { runChildren } from './children.ts';
import { conclude, workInput } from './dataflow.ts';
import type { ParallelState } from './definition.ts';
import type { Trail } from './history.ts';
import type { Json } from './types.ts';
import { Variables } from './variables.ts';
import type { Outcome, Visit } from './visit.ts';

/** A Parallel state: all branches at once, an array of their outputs. */
export async function runParallel(visit: Visit<ParallelState>): Promise<Outcome> {
  const { frame, state } = visit;
  const { history, runFlow } = frame.run;
  const input = await workInput(visit);
  const progress = visit.retryCount === 0 ? visit.resume?.children : undefined;
  if (progress === undefined) history.add(frame.trail, 'ParallelStateStarted');
  const started: Trail = { last: frame.trail.last };
  const outputs = await runChildren({
    count: state.Branches.length,
    concurrency: state.Branches.length,
    parent: frame.signal,
    ...(progress === undefined ? {} : { progress }),
    run: async (index, signal, resume) => {
      const trail: Trail = { last: started.last };
      const variables = new Variables(frame.variables, resume?.variables);
      try {
        return await runFlow(state.Branches[index]!, input, { ...frame, trail, signal, variables }, resume);
      } finally {
        frame.trail.last = trail.last;
      }
    },
  });
  history.beside(frame.trail, 'ParallelStateSucceeded');
  return conclude(visit, outputs as Json[]);
}
