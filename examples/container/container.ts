import path from 'node:path';
import type { Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Algorithm, ChannelFormat, Feature, Gate, PipelineStack, PlatformStack, ServingStack, Split, TargetSpec, TrainingImage } from '../../lib/index.ts';
import { penguins } from '../penguins/penguins.ts';

/** One copy of the example. */
export interface OwnContainerProps {
  /** Where it is deployed. */
  readonly env: Environment;
  /** What its stacks' names start with, so that an account holds several copies. */
  readonly name: string;
  /** The stage, such as `dev`. */
  readonly stage: string;
}

/** The stacks of one copy of the example, in the order in which they are deployed. */
export interface OwnContainer {
  readonly platform: PlatformStack;
  readonly serving: ServingStack;
  readonly pipeline: PipelineStack;
}

/** The folder of the image: a Dockerfile and its program. */
const image = path.join(import.meta.dirname, 'image');

/** The penguins once more, learned by a container of one's own: a linear classifier that writes ONNX. */
export function ownContainer(scope: Construct, { env, name, stage }: OwnContainerProps): OwnContainer {
  const platform = new PlatformStack(scope, `${name}-${stage}-platform`, { env });

  const serving = new ServingStack(scope, `${name}-${stage}-serving`, {
    env,
    platform: platform.platform,
    targets: [TargetSpec.api({ targetName: 'staging' })],
  });

  const pipeline = new PipelineStack(scope, `${name}-${stage}-pipeline`, {
    env,
    pipeline: {
      pipelineName: 'own-container',
      platform: platform.platform,
      registry: platform.registry,
      target: serving.staging,
      dataset: penguins,
      features: [
        Feature.category('island'),
        Feature.numeric('bill_length_mm'),
        Feature.numeric('bill_depth_mm'),
        Feature.numeric('flipper_length_mm'),
        Feature.numeric('body_mass_g'),
      ],
      split: Split.byRowHash({ train: 0.7, validation: 0.1, test: 0.2 }),
      algorithm: Algorithm.container({
        image: TrainingImage.fromAsset(image),
        channelFormat: ChannelFormat.CSV,
        hyperParameters: { epochs: '200', learning_rate: '0.5' },
        classesHyperParameter: 'num_class',
        // What the Dockerfile starts, for the laptop, where no container runs.
        laptopProgram: { command: ['node', 'train.mjs'], directory: image },
      }),
      metricDefinitions: [
        { name: 'train:loss', regex: 'train_loss=([0-9.]+)' },
        { name: 'validation:accuracy', regex: 'validation_accuracy=([0-9.]+)' },
      ],
      gates: [Gate.metric('accuracy').above(0.9)],
    },
  });

  return { platform, serving, pipeline };
}
