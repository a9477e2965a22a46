import { describe, expect, it } from 'vitest';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { statesOf } from '../../scripts/synth/definitions.ts';
import type { AslMachine, AslState } from '../../scripts/synth/definitions.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { definition, definitionProps } from './fixture.ts';

const machine = definition();
const states = machine.States as unknown as Readonly<Record<string, AslState & { readonly Next?: string; readonly End?: boolean; readonly Default?: string }>>;
const asl = machine as unknown as AslMachine;

describe('the training pipeline', () => {
  it('stands in the order in which its states run', () => {
    expect(Object.keys(states)).toEqual([
      'ValidateData', 'PrepareData', 'TrainModel', 'DescribeTrainingJob', 'CheckTrainingJob', 'WaitForTrainingJob', 'ConvertModel', 'ValidateModel', 'CheckPerformance', 'RegisterModel',
      'DeployModel', 'CheckStaging', 'NotifySuperseded', 'NotifySuccess', 'NotifyFailure', 'ResumeAfterRedrive',
    ]);
    expect(machine.StartAt).toBe('ValidateData');
  });

  it('goes from each state to the next', () => {
    const next = Object.fromEntries(Object.entries(states).flatMap(([name, { Next }]) => (Next === undefined ? [] : [[name, Next]])));
    expect(next).toEqual({
      ValidateData: 'PrepareData',
      PrepareData: 'TrainModel',
      TrainModel: 'ConvertModel',
      DescribeTrainingJob: 'CheckTrainingJob',
      WaitForTrainingJob: 'DescribeTrainingJob',
      ConvertModel: 'ValidateModel',
      ValidateModel: 'CheckPerformance',
      RegisterModel: 'DeployModel',
      DeployModel: 'CheckStaging',
      NotifyFailure: 'ResumeAfterRedrive',
    });
    expect(states['NotifySuccess']?.End).toBe(true);
    expect(states['CheckPerformance']).toMatchObject({ Choices: [{ Next: 'RegisterModel' }], Default: 'NotifyFailure' });
  });

  it('deploys and updates the baseline at once', () => {
    expect(states['DeployModel']?.Branches?.map(({ StartAt }) => StartAt)).toEqual(['DeployToStaging', 'UpdateBaseline']);
  });

  it('takes every error of a step to NotifyFailure, with state, name, cause and redrive count', () => {
    for (const [name, state] of Object.entries(states)) {
      if (['Choice', 'Wait'].includes(state.Type ?? '') || ['NotifyFailure', 'DescribeTrainingJob'].includes(name)) continue;
      expect(state.Catch, name).toEqual([
        ...(name === 'TrainModel' ? [expect.objectContaining({ ErrorEquals: ['SageMaker.ResourceInUseException', 'SageMaker.ResourceInUse'], Next: 'DescribeTrainingJob' })] : []),
        {
          ErrorEquals: ['States.ALL'],
          Next: 'NotifyFailure',
          Assign: {
            failure: {
              state: name,
              error: '{% $states.errorOutput.Error %}',
              cause: '{% [$states.errorOutput.Cause, ""][0] %}',
              redriveCount: '{% [$states.context.Execution.RedriveCount, 0][0] %}',
            },
          },
        },
      ]);
    }
  });

  it('goes on after a redrive at each state that can fail, in their order', () => {
    const { Choices } = states['ResumeAfterRedrive'] as unknown as { Choices: { Condition: string; Next: string }[] };
    expect(Choices.map(({ Next }) => Next)).toEqual([
      'ValidateData', 'PrepareData', 'TrainModel', 'ConvertModel', 'ValidateModel', 'CheckPerformance', 'RegisterModel', 'DeployModel', 'NotifySuperseded', 'NotifySuccess',
    ]);
    for (const { Condition, Next } of Choices) expect(Condition).toBe(`{% $resumeAt = '${Next}' %}`);
  });

  it('retries each task with full jitter and a cap, and lets none wait for ever', () => {
    for (const [name, state] of statesOf(asl)) {
      if (state.Type !== 'Task') continue;
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0);
      for (const retrier of state.Retry as Record<string, unknown>[]) {
        expect(retrier, name).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: expect.any(Number), MaxAttempts: expect.any(Number) });
      }
    }
    const lambda = (states['ValidateData']?.Retry as { ErrorEquals: string[] }[])[0]?.ErrorEquals;
    expect(lambda).toEqual(expect.arrayContaining(['Lambda.ServiceException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException']));
    const training = (states['TrainModel']?.Retry as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(training).toContain('ThrottlingException');
    expect(training).not.toContain('States.ALL');
    expect(training.join()).not.toMatch(/ResourceLimit/);
  });

  it('waits longer than the function, so that the function tells what was slow', () => {
    expect(states['ValidateData']?.TimeoutSeconds).toBe(definitionProps.functions.validateData.timeoutSeconds + 30);
  });

  it('explains each state to the person in the console', () => {
    for (const [name, state] of statesOf(asl)) expect(state.Comment?.length, name).toBeGreaterThan(20);
  });

  it('names the gate in one place', () => {
    expect(JSON.stringify(machine).split('0.72')).toHaveLength(2);
    expect(states['ValidateModel']?.Arguments).toMatchObject({ Payload: { gates: [{ metric: 'auc', comparison: 'above', threshold: 0.72 }] } });
  });

  it('passes the checks of synth', async () => {
    const definitions = [{ where: 'pipeline', machine: asl }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });

  it('asks for what a prop says', async () => {
    const changed = definition({
      partition: 'aws-cn',
      timeoutSeconds: 7,
      training: {
        ...definitionProps.training,
        instanceCount: 2,
        interContainerEncryption: true,
        networkIsolation: false,
        spot: { maxWaitSeconds: 7200 },
        keepAliveSeconds: 60,
        metricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }],
        environment: { LEVEL: 'debug' },
        volumeKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/volume',
        outputKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/output',
        network: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
        tags: [{ Key: 'team', Value: 'ml' }],
      },
    });
    expect(changed.TimeoutSeconds).toBe(7);
    expect(changed.States['TrainModel']).toMatchObject({
      Resource: 'arn:aws-cn:states:::sagemaker:createTrainingJob.sync',
      TimeoutSeconds: 7200 + 3600,
      Arguments: {
        ResourceConfig: { InstanceCount: 2, KeepAlivePeriodInSeconds: 60, VolumeKmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/volume' },
        OutputDataConfig: { KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/output' },
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        EnableInterContainerTrafficEncryption: true,
        EnableNetworkIsolation: false,
        EnableManagedSpotTraining: true,
        StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
        CheckpointConfig: { S3Uri: "{% 's3://artifacts/intermediates/flights/' & $states.context.Execution.Name & '/checkpoints' %}" },
        AlgorithmSpecification: { MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] },
        Environment: { LEVEL: 'debug' },
        Tags: [{ Key: 'team', Value: 'ml' }],
      },
    });
    expect((await checkTaskArguments([{ where: 'pipeline', machine: changed as unknown as AslMachine }])).findings).toEqual([]);
  });
});
