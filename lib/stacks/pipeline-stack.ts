import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { TrainingPipelineProps } from '../pipeline/training-pipeline-props.ts';
import { TrainingPipeline } from '../pipeline/training-pipeline.ts';
import { kebabCase } from '../private/validation.ts';

/** What a `PipelineStack` is made of. */
export interface PipelineStackProps extends StackProps {
  /** The pipeline. Its name is taken from the stack's id where it has none. */
  readonly pipeline: TrainingPipelineProps;
}

/** A training pipeline: deployed last, since it tests what serves. */
export class PipelineStack extends Stack {
  /** The pipeline. */
  readonly pipeline: TrainingPipeline;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    this.pipeline = new TrainingPipeline(this, 'Pipeline', { ...props.pipeline, pipelineName: props.pipeline.pipelineName ?? kebabCase(id) });
    new CfnOutput(this, 'StateMachineArn', { value: this.pipeline.stateMachine.stateMachineArn, description: 'Runs the pipeline.' });
    new CfnOutput(this, 'StartFunctionName', { value: this.pipeline.startFunction.functionName, description: 'Starts a run by hand.' });
    new CfnOutput(this, 'DataPrefix', { value: this.pipeline.dataPrefix, description: 'Takes training data, in the data bucket.' });
    new CfnOutput(this, 'PipelineName', { value: this.pipeline.pipelineName, description: 'The name of the pipeline.' });
  }
}
