import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StartPipelineEnv } from '../../../lambda/start-pipeline/env.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowRead, allowToMiss } from '../../private/permissions.ts';
import { pipelineDefaults, smallFunctionMemoryMiB, smallFunctionTimeout } from '../defaults.ts';
import type { TrainingPipelineProps } from '../training-pipeline-props.ts';

/** The function that starts a run, under a name that it makes from the object: the same event twice starts one run. */
export function createStartFunction(
  scope: Construct,
  { platform, architecture, tracing }: TrainingPipelineProps,
  stateMachine: IStateMachine,
  dataPrefix: string,
  deadLetterQueue: IQueue,
): LambdaFunction {
  const environment: StartPipelineEnv = {
    STATE_MACHINE_ARN: stateMachine.stateMachineArn,
    DATA_BUCKET: platform.dataBucket.bucketName,
    DATA_PREFIX: dataPrefix,
  };
  const start = new HandlerFunction(scope, 'Start', {
    handler: 'start-pipeline',
    description: `Starts a run on data under ${dataPrefix}.`,
    environment: { ...environment },
    memorySizeMiB: smallFunctionMemoryMiB,
    timeout: smallFunctionTimeout,
    architecture: architecture ?? pipelineDefaults.architecture,
    tracing: tracing ?? pipelineDefaults.tracing,
    logRetention: platform.logRetention,
    logRemovalPolicy: platform.logRemovalPolicy,
    deadLetterQueue,
  });
  allow(start.role, { actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] });
  allowRead(start.role, platform.dataBucket, `${dataPrefix}*`);
  // Also lists the prefix for the newest object.
  allowToMiss(start.role, platform.dataBucket);
  return start.function;
}
