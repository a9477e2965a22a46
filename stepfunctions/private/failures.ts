import type { Catcher, ChoiceState, State } from './asl.ts';

/** How often a person has redriven the run; the context object has no number before the first time. */
export const redriveCount = '{% [$states.context.Execution.RedriveCount, 0][0] %}';

/** Takes any error of `state` to `next`, and keeps where it happened, its name and its cause in the variable `failure`. */
export function catchAll(state: string, next: string): readonly Catcher[] {
  return [
    {
      ErrorEquals: ['States.ALL'],
      Assign: {
        failure: {
          state,
          error: '{% $states.errorOutput.Error %}',
          cause: '{% [$states.errorOutput.Cause, ""][0] %}',
          redriveCount,
        },
      },
      Next: next,
    },
  ];
}

/** The states from which a failure leads to `next`: by a Catch, or by the Default of a Choice. */
export function statesLeadingTo(next: string, states: Readonly<Record<string, State>>): string[] {
  return Object.entries(states)
    .filter(([, state]) => (state.Type === 'Choice' ? state.Default === next : (state.Catch ?? []).some((catcher) => catcher.Next === next)))
    .map(([name]) => name);
}

/** Leads a redriven run from the variable `resumeAt` back to the state that failed. */
export function resumeAt(states: readonly string[], comment: string): ChoiceState {
  return {
    Type: 'Choice',
    Comment: comment,
    Choices: states.map((state) => ({ Condition: `{% $resumeAt = '${state}' %}`, Next: state })),
  };
}
