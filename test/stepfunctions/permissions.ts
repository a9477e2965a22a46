import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { statesOf } from '../../scripts/synth/definitions.ts';

/** An action and what it is allowed on, as one line. */
type Allowed = string;

const account = '123456789012';
const sageMaker = (resource: string, name: string) => `arn:aws:sagemaker:us-east-1:${account}:${resource}/${name}`;
const rule = (name: string) => `arn:aws:events:us-east-1:${account}:rule/${name}`;
const on = (actions: readonly string[], ...resources: string[]): Allowed[] => actions.flatMap((action) => resources.map((resource) => `${action} on ${resource}`));

/**
 * What the role of a machine has to be allowed for its tasks, and nothing else: derived from each task's resource and arguments, by what AWS
 * documents for the integration (https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html, connect-stepfunctions.html).
 */
export function neededBy(machine: AslMachine): Allowed[] {
  const needed = [...statesOf(machine)].flatMap(([name, { Resource, Arguments }]): Allowed[] => {
    if (Resource === undefined) return [];
    const call = Resource.replace(/^arn:[^:]+:states:::/, '');
    const args = Arguments as Record<string, unknown>;
    switch (call) {
      case 'lambda:invoke':
      case 'lambda:invoke.waitForTaskToken':
        return on(['lambda:InvokeFunction'], String(args['FunctionName']));
      case 'sagemaker:createTrainingJob.sync':
        return job('TrainingJob', 'training-job', args['TrainingJobName'], args['RoleArn'], 'StepFunctionsGetEventsForSageMakerTrainingJobsRule');
      case 'sagemaker:createHyperParameterTuningJob.sync':
        return job('HyperParameterTuningJob', 'hyper-parameter-tuning-job', args['HyperParameterTuningJobName'], (args['TrainingJobDefinition'] as Record<string, unknown>)['RoleArn'], 'StepFunctionsGetEventsForSageMakerTuningJobsRule');
      case 'aws-sdk:sagemaker:describeTrainingJob':
        return on(['sagemaker:DescribeTrainingJob'], sageMaker('training-job', `${describedPrefix(machine, String(args['TrainingJobName']))}-*`));
      case 'aws-sdk:sagemaker:describeHyperParameterTuningJob':
        return on(['sagemaker:DescribeHyperParameterTuningJob'], sageMaker('hyper-parameter-tuning-job', `${prefixOf(String(args['HyperParameterTuningJobName']))}-*`));
      case 'states:startExecution.sync:2': {
        const machineArn = String(args['StateMachineArn']);
        return [
          ...on(['states:StartExecution'], machineArn),
          ...on(['states:DescribeExecution', 'states:StopExecution'], `${machineArn.replace(':stateMachine:', ':execution:')}:*`),
          ...on(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], rule('StepFunctionsGetEventsForStepFunctionsExecutionRule')),
        ];
      }
      case 'aws-sdk:s3:putObject':
        return on(['s3:PutObject'], `arn:aws:s3:::${String(args['Bucket'])}/${String(args['Key'])}`);
      default:
        throw new Error(`${name} calls ${call}, of which this test does not know what it needs: add what AWS documents.`);
    }
  });
  return [...new Set([...needed, ...logsAndTraces])].sort();
}

function job(kind: string, resource: string, jobName: unknown, roleArn: unknown, syncRule: string): Allowed[] {
  return [
    ...on([`sagemaker:Create${kind}`, `sagemaker:Describe${kind}`, `sagemaker:Stop${kind}`, 'sagemaker:AddTags'], sageMaker(resource, `${prefixOf(String(jobName))}-*`)),
    ...on(['sagemaker:ListTags'], '*'),
    ...on(['iam:PassRole'], `${String(roleArn)} when ${JSON.stringify({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } })}`),
    ...on(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], rule(syncRule)),
  ];
}

/** The text that a job's name begins with, from the expression that makes it. */
const prefixOf = (expression: string): string => /'([a-z0-9-]+)-' & \(\$fits/.exec(expression)?.[1] ?? `no prefix in ${expression}`;

/** A job that is described is one of this machine's: its own, or a trial of its tuning, whose name begins as the tuning's. */
function describedPrefix(machine: AslMachine, expression: string): string {
  if (expression !== '{% $tuning.best %}') return prefixOf(expression);
  return prefixOf(String((machine.States['TuneModel']?.Arguments as Record<string, unknown>)['HyperParameterTuningJobName']));
}

/** What every machine with logs and traces needs; AWS knows no resources for these. */
const logsAndTraces = on(
  [
    'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
    'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
  ],
  '*',
);
