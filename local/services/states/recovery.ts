import type { HistoryEvent, Json, JsonObject, ResumePoint } from '../../states/index.ts';
import type { StateMachine } from '../../states/index.ts';

/**
 * Finds in a history where an execution stood when the laptop died: at the outermost state that it had entered last, with
 * the variables that were assigned until then.
 */
export function resumePoint(definition: StateMachine, events: Iterable<HistoryEvent>, input: string): ResumePoint {
  let point: Omit<ResumePoint, 'variables'> = { state: definition.StartAt, input: JSON.parse(input) as Json, enteredEventId: 0 };
  let variables: JsonObject = {};
  for (const { id, stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of events) {
    if (entered !== undefined && Object.hasOwn(definition.States, entered.name)) {
      point = { state: entered.name, input: JSON.parse(entered.input) as Json, enteredEventId: id };
    }
    if (exited !== undefined && Object.hasOwn(definition.States, exited.name)) {
      const assigned = Object.entries(exited.assignedVariables ?? {}).map(([name, text]) => [name, JSON.parse(text) as Json] as const);
      variables = { ...variables, ...Object.fromEntries(assigned) };
    }
  }
  return { ...point, variables };
}
