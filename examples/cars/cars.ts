import type { Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Algorithm, Column, Dataset, Feature, Gate, Label, PipelineStack, PlatformStack, ServingStack, Split, TargetSpec } from '../../lib/index.ts';

/** One copy of the example. */
export interface CarsProps {
  /** Where it is deployed. */
  readonly env: Environment;
  /** What its stacks' names start with, so that an account holds several copies. */
  readonly name: string;
  /** The stage, such as `dev`. */
  readonly stage: string;
  /**
   * The revision of the code, such as a git commit: it stands in the lineage of every model.
   * @default - none
   */
  readonly sourceRevision?: string;
  /**
   * The held-out error, the root of the mean square in miles per gallon, that a model must be below.
   * @default 4
   */
  readonly maximumRmse?: number;
}

/** The stacks of one copy of the example, in the order in which they are deployed. */
export interface Cars {
  readonly platform: PlatformStack;
  readonly serving: ServingStack;
  readonly pipeline: PipelineStack;
}

/** Cars of the model years 1970 to 1982, a row each. Of eight the consumption is not known: nothing can be learned from them. */
export const cars = new Dataset({
  columns: [
    Column.string('name'),
    Column.number('miles_per_gallon', { minimum: 0 }),
    Column.integer('cylinders', { minimum: 1 }),
    Column.number('displacement', { minimum: 0 }),
    Column.number('horsepower', { minimum: 0 }),
    Column.number('weight_lbs', { minimum: 0 }),
    Column.number('acceleration', { minimum: 0 }),
    Column.integer('model_year', { nullable: false }),
    Column.string('origin', { nullable: false }),
  ],
  label: Label.number('miles_per_gallon'),
});

/** Predicts how far a car goes on a gallon: a label that is a number. */
export function carConsumption(scope: Construct, { env, name, stage, sourceRevision, maximumRmse = 4 }: CarsProps): Cars {
  const platform = new PlatformStack(scope, `${name}-${stage}-platform`, { env });

  const serving = new ServingStack(scope, `${name}-${stage}-serving`, {
    env,
    platform: platform.platform,
    targets: [TargetSpec.api({ targetName: 'staging' })],
  });

  const pipeline = new PipelineStack(scope, `${name}-${stage}-pipeline`, {
    env,
    pipeline: {
      pipelineName: 'cars',
      platform: platform.platform,
      registry: platform.registry,
      target: serving.staging,
      dataset: cars,
      features: [
        Feature.numeric('cylinders'),
        Feature.numeric('displacement'),
        Feature.numeric('horsepower'),
        Feature.numeric('weight_lbs'),
        Feature.numeric('acceleration'),
        Feature.numeric('model_year'),
        Feature.category('origin'),
      ],
      // So few rows: a fifth of them is held out, for a gate that does not stand on a handful.
      split: Split.byRowHash({ train: 0.7, validation: 0.1, test: 0.2 }),
      // The first guess is what most cars do, so that the trees need not find it.
      algorithm: Algorithm.xgboost({ numRound: 100, maxDepth: 3, eta: 0.1, baseScore: 23 }),
      gates: [Gate.metric('rmse').below(maximumRmse)],
      ...(sourceRevision === undefined ? {} : { sourceRevision }),
    },
  });

  return { platform, serving, pipeline };
}
