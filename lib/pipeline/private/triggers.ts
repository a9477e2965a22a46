import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { LambdaFunctionProps } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** How long and how often an event is offered again before it becomes a dead letter. */
const delivery = (deadLetterQueue: IQueue): LambdaFunctionProps => ({ deadLetterQueue, retryAttempts: 10, maxEventAge: Duration.hours(2) });

/** Starts a run for each new object under the prefix. */
export function startOnNewObject(scope: Construct, bucket: IBucket, prefix: string, start: IFunction, deadLetterQueue: IQueue): Rule {
  return new Rule(scope, 'NewObject', {
    description: `Starts a run for each new object under ${prefix}.`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix }] } },
    },
    targets: [new LambdaFunction(start, delivery(deadLetterQueue))],
  });
}

/** Starts a run on the newest object, at the schedule's times. */
export function startOnSchedule(scope: Construct, schedule: Schedule, start: IFunction, deadLetterQueue: IQueue): Rule {
  return new Rule(scope, 'Schedule', {
    description: 'Starts a run on the newest object.',
    schedule,
    targets: [new LambdaFunction(start, { ...delivery(deadLetterQueue), event: RuleTargetInput.fromObject({ trigger: 'schedule' }) })],
  });
}

/** Reports runs whose end no Catch sees: timeouts of the run, aborts, and errors of the state machine itself. */
export function notifyOnEnd(scope: Construct, stateMachine: IStateMachine, notify: IFunction, deadLetterQueue: IQueue): Rule {
  return new Rule(scope, 'RunEndedBadly', {
    description: 'Reports runs that failed, timed out or were aborted; what has been reported already is not reported again.',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    targets: [new LambdaFunction(notify, delivery(deadLetterQueue))],
  });
}

/** Carries out what people decide on the versions of a group, by whichever way they decide. New versions, of which nobody was asked, come by too. */
export function decideOnPackages(scope: Construct, modelPackageGroupName: string, decide: IFunction, deadLetterQueue: IQueue): Rule {
  return new Rule(scope, 'PackageDecided', {
    description: 'Carries out what people decide on models in the registry.',
    eventPattern: {
      source: ['aws.sagemaker'],
      detailType: ['SageMaker Model Package State Change'],
      detail: { ModelPackageGroupName: [modelPackageGroupName] },
    },
    targets: [new LambdaFunction(decide, delivery(deadLetterQueue))],
  });
}
