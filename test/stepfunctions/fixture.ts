import { trainingPipeline } from '../../stepfunctions/training-pipeline.ts';
import type { StateMachineDefinition, TrainingPipelineDefinitionProps } from '../../stepfunctions/training-pipeline.ts';

/** A function by its name. */
export const invoked = (name: string) => ({ functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`, timeoutSeconds: 120 });

/** A small pipeline. */
export const definitionProps: TrainingPipelineDefinitionProps = {
  partition: 'aws',
  pipelineName: 'flights',
  artifactBucket: 'artifacts',
  endpointUrl: 'https://api.example',
  rollout: { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:staging-rollout', planSeconds: 0 },
  functions: {
    validateData: invoked('validate-data'),
    prepareData: invoked('prepare-data'),
    convertModel: invoked('convert-model'),
    validateModel: invoked('validate-model'),
    registerModel: invoked('register-model'),
    notify: invoked('notify'),
  },
  training: {
    jobNamePrefix: 'flights-1234abcd',
    roleArn: 'arn:aws:iam::123456789012:role/training',
    image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
    hyperParameters: { num_round: '10' },
    contentType: 'application/x-parquet',
    instanceType: 'ml.m5.xlarge',
    instanceCount: 1,
    volumeSizeGb: 30,
    maxRuntimeSeconds: 3600,
    networkIsolation: true,
    interContainerEncryption: false,
    tags: [],
  },
  schema: { columns: [], label: { column: 'delay' } },
  features: [{ name: 'distance', column: 'distance', transform: 'numeric' }],
  split: { kind: 'rowHash', train: 0.8, validation: 0.1, test: 0.1 },
  gates: [{ metric: 'auc', comparison: 'above', threshold: 0.72 }],
  checks: [{ check: 'rows', level: 'fail', bound: 10 }],
  maximumBytes: 1000,
  registration: { card: {}, revision: 'abc' },
  timeoutSeconds: 43_200,
};

/** Its definition, as JSON gives it back. */
export function definition(changes: Partial<TrainingPipelineDefinitionProps> = {}): StateMachineDefinition {
  return JSON.parse(JSON.stringify(trainingPipeline({ ...definitionProps, ...changes }))) as StateMachineDefinition;
}
