import type { Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Algorithm, Column, Dataset, Feature, Gate, Label, PipelineStack, PlatformStack, ServingStack, Split } from '../../lib/index.ts';
import { servingProps } from '../serving-targets.ts';
import type { ServingChoice } from '../serving-targets.ts';

/** One copy of the example. */
export interface FlightDelaysProps {
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
   * The held-out AUC that a model must be above. All three million flights reach 0.739; a small sample of them needs a lower gate.
   * @default - 0.72, or 0.6 with `splitByTime`
   */
  readonly minimumAuc?: number;
  /**
   * Whether the newest flights are held out instead of a random share of all: how well tomorrow's flights are told, which is harder.
   * @default false
   */
  readonly splitByTime?: boolean;
  /**
   * Whether SageMaker Feature Store keeps the newest flight of each airport, online and offline.
   * @default false
   */
  readonly featureGroup?: boolean;
  /**
   * What serves.
   * @default - one prediction API, which costs nothing while nobody asks
   */
  readonly serving?: ServingChoice;
}

/** The stacks of one copy of the example, in the order in which they are deployed. */
export interface FlightDelays {
  readonly platform: PlatformStack;
  readonly serving: ServingStack;
  readonly pipeline: PipelineStack;
}

/** US flights, a row each: late means more than 15 minutes. The delay is known only after the flight, so it is the label and no feature. */
export const flights = new Dataset({
  columns: [
    Column.timestamp('date', { nullable: false }),
    Column.integer('delay'),
    Column.integer('distance', { minimum: 0 }),
    Column.string('origin', { nullable: false }),
    Column.string('destination', { nullable: false }),
  ],
  label: Label.above('delay', 15, 'late'),
});

/** Predicts which flights will be late: a platform, an API that serves the model, and the pipeline that trains it. */
export function flightDelays(scope: Construct, { env, name, stage, sourceRevision, splitByTime = false, featureGroup = false, minimumAuc = splitByTime ? 0.6 : 0.72, serving: choice }: FlightDelaysProps): FlightDelays {
  const platform = new PlatformStack(scope, `${name}-${stage}-platform`, { env });

  const serving = new ServingStack(scope, `${name}-${stage}-serving`, {
    env,
    platform: platform.platform,
    ...servingProps(platform, choice),
  });

  const pipeline = new PipelineStack(scope, `${name}-${stage}-pipeline`, {
    env,
    pipeline: {
      pipelineName: 'flight-delays',
      platform: platform.platform,
      registry: platform.registry,
      target: serving.staging,
      ...(serving.production === undefined ? {} : { productionTarget: serving.production }),
      dataset: flights,
      features: [
        Feature.hourOfDay('date'),
        Feature.dayOfWeek('date'),
        Feature.dayOfYear('date'),
        Feature.numeric('distance'),
        Feature.category('origin'),
        Feature.category('destination'),
      ],
      split: splitByTime ? Split.byTime('date') : Split.byRowHash(),
      algorithm: Algorithm.xgboost({ numRound: 100, maxDepth: 6, eta: 0.2 }),
      gates: [Gate.metric('auc').above(minimumAuc)],
      ...(featureGroup ? { featureGroup: { recordIdentifier: 'origin', eventTime: 'date', offline: true } } : {}),
      ...(sourceRevision === undefined ? {} : { sourceRevision }),
    },
  });

  return { platform, serving, pipeline };
}
