import { Duration } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Algorithm, Approval, Column, Dataset, Feature, Gate, Label, PipelineStack, PlatformStack, ServingStack, Split, Tuning, TuningRange } from '../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../lib/index.ts';
import { servingProps } from '../serving-targets.ts';
import type { ServingChoice } from '../serving-targets.ts';

/** One copy of the example. */
export interface PenguinsProps {
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
   * The share of held-out penguins that a model must be above in naming right.
   * @default 0.9
   */
  readonly minimumAccuracy?: number;
  /**
   * How many training jobs search for the hyperparameters. 0: none, one training job with those of the example.
   * @default 0
   */
  readonly trials?: number;
  /**
   * Whether a person approves what serves production: a second target, beside which the first one is staging.
   * @default false - there is one target, and the gate decides
   */
  readonly manualApproval?: boolean;
  /**
   * What serves.
   * @default - one prediction API, which costs nothing while nobody asks
   */
  readonly serving?: ServingChoice;
}

/** The stacks of one copy of the example, in the order in which they are deployed. */
export interface Penguins {
  readonly platform: PlatformStack;
  readonly serving: ServingStack;
  readonly pipeline: PipelineStack;
}

/** Penguins of the Palmer Archipelago, a row each. Two were not measured, and of ten the sex is not known. */
export const penguins = new Dataset({
  columns: [
    Column.string('species', { nullable: false }),
    Column.string('island', { categories: ['Biscoe', 'Dream', 'Torgersen'], nullable: false }),
    Column.number('bill_length_mm', { minimum: 0 }),
    Column.number('bill_depth_mm', { minimum: 0 }),
    Column.integer('flipper_length_mm', { minimum: 0 }),
    Column.integer('body_mass_g', { minimum: 0 }),
    Column.string('sex'),
  ],
  label: Label.category('species'),
});

/** Tells penguins apart by where they live and how they are built: a label of several classes. */
export function penguinSpecies(scope: Construct, { env, name, stage, sourceRevision, minimumAccuracy = 0.9, trials = 0, manualApproval = false, serving: choice }: PenguinsProps): Penguins {
  const platform = new PlatformStack(scope, `${name}-${stage}-platform`, { env });

  const serving = new ServingStack(scope, `${name}-${stage}-serving`, {
    env,
    platform: platform.platform,
    ...servingProps(platform, choice, manualApproval),
  });

  const pipeline = new PipelineStack(scope, `${name}-${stage}-pipeline`, {
    env,
    pipeline: {
      pipelineName: 'penguins',
      platform: platform.platform,
      registry: platform.registry,
      target: serving.staging,
      ...(serving.production === undefined ? {} : { productionTarget: serving.production }),
      ...(manualApproval ? { approval: Approval.manual({ timeout: Duration.days(3) }) } : {}),
      dataset: penguins,
      features: [
        Feature.category('island'),
        Feature.numeric('bill_length_mm'),
        Feature.numeric('bill_depth_mm'),
        Feature.numeric('flipper_length_mm'),
        Feature.numeric('body_mass_g'),
        Feature.category('sex'),
      ],
      // So few rows: a fifth of them is held out, for a gate that does not stand on a handful.
      split: Split.byRowHash({ train: 0.7, validation: 0.1, test: 0.2 }),
      // The objective follows from the label, and the number of classes from the data.
      ...(trials === 0 ? { algorithm: Algorithm.xgboost({ numRound: 40, maxDepth: 3, eta: 0.3 }) } : searched(trials)),
      gates: [Gate.metric('accuracy').above(minimumAccuracy)],
      ...(sourceRevision === undefined ? {} : { sourceRevision }),
    },
  });

  return { platform, serving, pipeline };
}

/** The same algorithm, with its shape and its pace searched for: what makes the validation rows most likely is kept. */
function searched(trials: number): Pick<TrainingPipelineOptions, 'algorithm' | 'tuning'> {
  return {
    algorithm: Algorithm.xgboost({ numRound: 40 }),
    tuning: Tuning.bayesian({
      ranges: [
        TuningRange.continuous('eta', 0.03, 0.5).logarithmic(),
        TuningRange.integer('max_depth', 2, 6),
        TuningRange.continuous('min_child_weight', 0.5, 8).logarithmic(),
        TuningRange.continuous('subsample', 0.5, 1),
      ],
      maxTrials: trials,
      seed: 7,
    }),
  };
}
