import type { StateMachineDefinition } from '../../../stepfunctions/training-pipeline.ts';
import type { Finding } from '../../private/validation.ts';

/** Step Functions' bound on what a task is handed, in bytes: a run beyond it ends as States.DataLimitExceeded, which no Catch sees. */
const largestPayload = 256 * 1024;

/** What a run adds to the declarations: names, places, metrics. */
const roomForRun = 32 * 1024;

/** Declarations that are too large for the states that hand them to functions. */
export function validateDefinition({ States }: StateMachineDefinition): Finding {
  const branches = Object.values(States).flatMap((state) => (state.Type === 'Parallel' ? state.Branches : []));
  const named = [{ States }, ...branches].flatMap((machine) => Object.entries(machine.States));
  return named.flatMap(([name, state]) => {
    const payload = state.Type === 'Task' ? (state.Arguments as { readonly Payload?: unknown }).Payload : undefined;
    const bytes = payload === undefined ? 0 : Buffer.byteLength(JSON.stringify(payload));
    if (bytes <= largestPayload - roomForRun) return [];
    return [
      `what ${name} hands its function of columns, features, checks and gates has ${bytes.toLocaleString('en-US')} bytes, expected at most ${(largestPayload - roomForRun).toLocaleString('en-US')}, ` +
        'since Step Functions hands a task 256 KiB in all. Declare fewer columns, or fewer categories.',
    ];
  });
}
