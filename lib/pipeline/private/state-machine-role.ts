import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { acknowledgeWildcards } from '../../private/acknowledgements.ts';
import { allow, allowWrite } from '../../private/permissions.ts';

/** What a state machine may reach. */
export interface StateMachineReach {
  readonly functionArns: string[];
  readonly trainingRole: IRole;
  readonly jobNamePrefix: string;
  /** The prefix of the tuning jobs' names, where they stand in for training jobs. */
  readonly tuning?: { readonly jobNamePrefix: string };
  readonly platform: IModelPlatform;
  /** The key of the baseline in the artifact bucket. */
  readonly baseline: string;
  /** What brings new versions to the targets. */
  readonly rollouts: readonly IStateMachine[];
}

/** Gives the state machine's role what its states call. */
export function allowStates(role: IRole, reach: StateMachineReach): void {
  const stack = Stack.of(role);
  allow(role, { actions: ['lambda:InvokeFunction'], resources: reach.functionArns });
  allowJobs(role, reach);
  // In Step Functions' documented policy for jobs of SageMaker with `.sync`, which names no narrower resource.
  allow(role, { actions: ['sagemaker:ListTags'], resources: ['*'] });
  allow(role, {
    actions: ['iam:PassRole'],
    resources: [reach.trainingRole.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
  allow(role, {
    // `.sync` waits by a rule that Step Functions itself keeps in the account.
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: reach.tuning === undefined ? 'StepFunctionsGetEventsForSageMakerTrainingJobsRule' : 'StepFunctionsGetEventsForSageMakerTuningJobsRule' })],
  });
  allowWrite(role, reach.platform.artifactBucket, reach.baseline);
  allowRollouts(role, reach.rollouts);
  acknowledgeWildcards(role, ['*'], 'The actions for log delivery and for X-Ray know no resources; Step Functions documents sagemaker:ListTags, which reads tags alone, on *.');
}

/** The executions that the states start, wait for, and stop when the run is stopped: what Step Functions documents for `.sync`. */
function allowRollouts(role: IRole, rollouts: readonly IStateMachine[]): void {
  const stack = Stack.of(role);
  allow(role, { actions: ['states:StartExecution'], resources: rollouts.map(({ stateMachineArn }) => stateMachineArn) });
  allow(role, {
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    resources: rollouts.map(({ stateMachineArn }) => {
      const { resourceName: name = '', ...machine } = stack.splitArn(stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
      return stack.formatArn({ ...machine, resource: 'execution', resourceName: `${name}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    }),
    wildcard: 'Executions get their names at run time; the state machine is named.',
  });
  allow(role, {
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule' })],
  });
}

/** The jobs that the states create, wait for and stop. */
function allowJobs(role: IRole, { jobNamePrefix, tuning }: StateMachineReach): void {
  const jobs = (resource: string, prefix: string) => [Stack.of(role).formatArn({ service: 'sagemaker', resource, resourceName: `${prefix}-*` })];
  const wildcard = 'Each run makes jobs under a name of its own that starts with the prefix of the pipeline.';
  // Describe and Stop are called by Step Functions for `.sync`: it waits for the job, and stops it when the run
  // is stopped. AddTags is for the job's own tags and for the one by which Step Functions marks the jobs that it manages.
  if (tuning === undefined) {
    const actions = ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob', 'sagemaker:AddTags'];
    allow(role, { actions, resources: jobs('training-job', jobNamePrefix), wildcard });
    return;
  }
  const actions = ['sagemaker:CreateHyperParameterTuningJob', 'sagemaker:DescribeHyperParameterTuningJob', 'sagemaker:StopHyperParameterTuningJob', 'sagemaker:AddTags'];
  allow(role, { actions, resources: jobs('hyper-parameter-tuning-job', tuning.jobNamePrefix), wildcard });
  // The trials, which SageMaker itself creates, are named after the tuning job; DescribeBestTrial reads the best of them.
  allow(role, { actions: ['sagemaker:DescribeTrainingJob'], resources: jobs('training-job', tuning.jobNamePrefix), wildcard });
}
