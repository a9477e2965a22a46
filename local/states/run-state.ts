import { runChoice } from './choice.ts';
import { runFail, runPass, runSucceed } from './simple-states.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import { runTask } from './task.ts';
import { runWait } from './wait.ts';
import type { ChoiceState, FailState, MapState, ParallelState, PassState, SucceedState, TaskState, WaitState } from './definition.ts';
import type { Outcome, Visit } from './visit.ts';

/** Does one attempt of a state's work. */
export function runState(visit: Visit): Promise<Outcome> {
  switch (visit.state.Type) {
    case 'Pass':
      return runPass(visit as Visit<PassState>);
    case 'Task':
      return runTask(visit as Visit<TaskState>);
    case 'Choice':
      return runChoice(visit as Visit<ChoiceState>);
    case 'Wait':
      return runWait(visit as Visit<WaitState>);
    case 'Succeed':
      return runSucceed(visit as Visit<SucceedState>);
    case 'Fail':
      return runFail(visit as Visit<FailState>);
    case 'Parallel':
      return runParallel(visit as Visit<ParallelState>);
    case 'Map':
      return runMap(visit as Visit<MapState>);
  }
}
