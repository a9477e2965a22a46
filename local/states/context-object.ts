import type { JsonObject } from './types.ts';
import type { MapItem, Visit } from './visit.ts';

/** The context object (`$$`, `$states.context`) as a state sees it. */
export function contextObject(visit: Visit, item: MapItem | undefined = visit.frame.item): JsonObject {
  const { Execution, StateMachine } = visit.frame.run.context;
  return {
    Execution: {
      Id: Execution.Id,
      Input: visit.frame.run.input,
      StartTime: Execution.StartTime,
      Name: Execution.Name,
      RoleArn: Execution.RoleArn,
      RedriveCount: Execution.RedriveCount ?? 0,
      ...(Execution.RedriveTime === undefined ? {} : { RedriveTime: Execution.RedriveTime }),
    },
    StateMachine: { Id: StateMachine.Id, Name: StateMachine.Name },
    State: {
      Name: visit.name,
      EnteredTime: visit.enteredTime,
      ...(visit.retryCount === undefined ? {} : { RetryCount: visit.retryCount }),
    },
    ...(item === undefined ? {} : { Map: { Item: { Index: item.Index, Value: item.Value } } }),
    ...(visit.taskToken === undefined ? {} : { Task: { Token: visit.taskToken } }),
  };
}
