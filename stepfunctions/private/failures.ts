import type { AslValue, Catcher, ChoiceState, State } from './asl.ts';

/** How often a person has redriven the run; the context object has no number before the first time. */
export const redriveCount = '{% [$states.context.Execution.RedriveCount, 0][0] %}';

/** What is kept of an error: the state that it belongs to, its name and its cause. For the `Assign` of a Catch. */
export function failureOf(state: string): AslValue {
  return { state, error: '{% $states.errorOutput.Error %}', cause: '{% [$states.errorOutput.Cause, ""][0] %}', redriveCount };
}

/** Takes any error of `state` to `next`, and keeps where it happened, its name and its cause in the variable `failure`. */
export function catchAll(state: string, next: string): readonly Catcher[] {
  return [{ ErrorEquals: ['States.ALL'], Assign: { failure: failureOf(state) }, Next: next }];
}

/** The states that name themselves in the variable `failure`: where a redriven run may go on. */
export function failingStates(states: Readonly<Record<string, State>>): string[] {
  return Object.entries(states)
    .filter(([name, state]) => assignments(state).some((failure) => failure === name))
    .map(([name]) => name);
}

function assignments(state: State): unknown[] {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  const places = [state, ...('Catch' in state ? (state.Catch ?? []) : []), ...(state.Type === 'Choice' ? state.Choices : [])];
  return places.map(({ Assign }) => (Assign?.['failure'] as { readonly state?: unknown } | undefined)?.state);
}

/** Leads a redriven run from the variable `resumeAt` back to the state that failed. */
export function resumeAt(states: readonly string[], comment: string): ChoiceState {
  return {
    Type: 'Choice',
    Comment: comment,
    Choices: states.map((state) => ({ Condition: `{% $resumeAt = '${state}' %}`, Next: state })),
  };
}
