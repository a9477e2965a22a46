/** Whether AWS cut the data: the interpreter never does, its limit is the same. */
export interface DataDetails {
  readonly truncated: boolean;
}

interface Failure {
  readonly error?: string;
  readonly cause?: string;
}

interface TaskResource {
  /** The service, such as `lambda` or `aws-sdk:s3`. */
  readonly resourceType: string;
  /** The operation with its pattern, such as `invoke.waitForTaskToken`. */
  readonly resource: string;
}

interface Iteration {
  readonly name: string;
  readonly index: number;
}

interface Exit {
  readonly name: string;
  readonly output: string;
  readonly outputDetails: DataDetails;
  /** Each variable's value as JSON text. */
  readonly assignedVariables?: Record<string, string>;
  readonly assignedVariablesDetails?: DataDetails;
}

/** The members beside id, previousEventId, timestamp and type, each named as AWS names it. */
export interface HistoryEventDetails {
  readonly executionStartedEventDetails?: { readonly input: string; readonly inputDetails: DataDetails; readonly roleArn: string };
  readonly executionSucceededEventDetails?: { readonly output: string; readonly outputDetails: DataDetails };
  readonly executionFailedEventDetails?: Failure;
  readonly executionTimedOutEventDetails?: Failure;
  readonly executionAbortedEventDetails?: Failure;
  readonly executionRedrivenEventDetails?: { readonly redriveCount: number };
  readonly stateEnteredEventDetails?: { readonly name: string; readonly input: string; readonly inputDetails: DataDetails };
  readonly stateExitedEventDetails?: Exit;
  readonly evaluationFailedEventDetails?: { readonly error: string; readonly cause: string; readonly location?: string; readonly state: string };
  readonly taskScheduledEventDetails?: TaskResource & {
    readonly region: string;
    readonly parameters: string;
    readonly timeoutInSeconds?: number;
    readonly heartbeatInSeconds?: number;
  };
  readonly taskStartedEventDetails?: TaskResource;
  readonly taskSubmittedEventDetails?: TaskResource & { readonly output: string; readonly outputDetails: DataDetails };
  readonly taskSucceededEventDetails?: TaskResource & { readonly output: string; readonly outputDetails: DataDetails };
  readonly taskFailedEventDetails?: TaskResource & Failure;
  readonly taskSubmitFailedEventDetails?: TaskResource & Failure;
  readonly taskTimedOutEventDetails?: TaskResource & Failure;
  readonly lambdaFunctionScheduledEventDetails?: {
    readonly resource: string;
    readonly input: string;
    readonly inputDetails: DataDetails;
    readonly timeoutInSeconds?: number;
  };
  readonly lambdaFunctionSucceededEventDetails?: { readonly output: string; readonly outputDetails: DataDetails };
  readonly lambdaFunctionFailedEventDetails?: Failure;
  readonly lambdaFunctionTimedOutEventDetails?: Failure;
  readonly mapStateStartedEventDetails?: { readonly length: number };
  readonly mapIterationStartedEventDetails?: Iteration;
  readonly mapIterationSucceededEventDetails?: Iteration;
  readonly mapIterationFailedEventDetails?: Iteration;
  readonly mapIterationAbortedEventDetails?: Iteration;
}

type StateType = 'Choice' | 'Fail' | 'Map' | 'Parallel' | 'Pass' | 'Succeed' | 'Task' | 'Wait';

/** AWS's names of the events that the interpreter emits. */
export type HistoryEventType =
  | `Execution${'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Aborted' | 'Redriven'}`
  | `${StateType}StateEntered`
  | `${Exclude<StateType, 'Fail'>}StateExited`
  | `${'Map' | 'Parallel'}State${'Started' | 'Succeeded' | 'Failed'}`
  | `${'Map' | 'Parallel' | 'Task' | 'Wait'}StateAborted`
  | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`
  | `Task${'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'SubmitFailed' | 'TimedOut'}`
  | `LambdaFunction${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | 'EvaluationFailed';

/** An event of an execution's history, in the shape of the SDK's `HistoryEvent`. */
export interface HistoryEvent extends HistoryEventDetails {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Date;
  readonly type: HistoryEventType;
}
