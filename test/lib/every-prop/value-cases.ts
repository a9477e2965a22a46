import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { expect } from 'vitest';
import { Algorithm, Approval, ChannelFormat, Column, DataCheck, DataDistribution, Dataset, Feature, Gate, Label, ServingImage, Split, TrainingFramework, TrainingImage, Tuning, TuningObjective, TuningRange, RiskRating } from '../../../lib/index.ts';
import type {
  ChampionGateOptions, ClassBalanceCheckOptions, ClassRowsCheckOptions, ColumnCheckOptions, ColumnOptions, DatasetProps, DriftCheckOptions, DuplicatesCheckOptions, HyperbandTuningProps,
  LeakageCheckOptions, ManualApprovalOptions, MissingLabelsCheckOptions, ModelCardOptions, NullsCheckOptions, NumericColumnOptions, RowsCheckOptions, ModelServerImageOptions, ServingAssetOptions, ServingImageOptions, SliceGateOptions, SplitShares, AssetImageOptions, ContainerProps, EcrImageOptions, FrameworkProps, TrainingFrameworkOptions,
  StringColumnOptions, TrainingPipelineOptions, TuningProps, XGBoostProps,
} from '../../../lib/index.ts';
import type { PropCase, PropCases, Rendered } from './cases.ts';
import { constructPipeline, production } from './pipeline-cases.ts';

/** How a pipeline is made with a value of these options. */
type Construct<Options> = (stack: Stack, options: Partial<Options>) => void;

const pipelineWith = <Options>(options: (given: Partial<Options>, stack: Stack) => Partial<TrainingPipelineOptions>): Construct<Options> => (stack, given) => {
  constructPipeline(stack, options(given, stack));
};

/** A value, and what it is shown as at one place. */
const shown = <Value>(value: Value, shows: (rendered: Rendered) => unknown, as: unknown): PropCase<never, Value> => ({ value: () => value, shows, as });

const hyperParameter = (name: string) => (r: Rendered) => r.job(`HyperParameters.${name}`);

export const constructXgboost = pipelineWith<XGBoostProps>((given) => ({
  // A label that may be learned with more than one objective.
  dataset: new Dataset({ columns: [Column.integer('delay'), Column.number('distance')], label: Label.number('delay') }),
  algorithm: Algorithm.xgboost({ numRound: 10, ...given }),
}));

/** Each hyperparameter, by the image's own name. */
export const xgboostCases: PropCases<XGBoostProps> = {
  objective: shown('count:poisson', hyperParameter('objective'), 'count:poisson'),
  maxDepth: shown(3, hyperParameter('max_depth'), '3'),
  eta: shown(0.25, hyperParameter('eta'), '0.25'),
  gamma: shown(0.5, hyperParameter('gamma'), '0.5'),
  minChildWeight: shown(4, hyperParameter('min_child_weight'), '4'),
  maxDeltaStep: shown(0.7, hyperParameter('max_delta_step'), '0.7'),
  subsample: shown(0.8, hyperParameter('subsample'), '0.8'),
  colsampleBytree: shown(0.6, hyperParameter('colsample_bytree'), '0.6'),
  colsampleBylevel: shown(0.6, hyperParameter('colsample_bylevel'), '0.6'),
  colsampleBynode: shown(0.6, hyperParameter('colsample_bynode'), '0.6'),
  lambda: shown(0, hyperParameter('lambda'), '0'),
  alpha: shown(0.1, hyperParameter('alpha'), '0.1'),
  scalePosWeight: shown(3, hyperParameter('scale_pos_weight'), '3'),
  maxBin: shown(64, hyperParameter('max_bin'), '64'),
  baseScore: shown(0.3, hyperParameter('base_score'), '0.3'),
  seed: shown(7, hyperParameter('seed'), '7'),
  earlyStoppingRounds: shown(5, hyperParameter('early_stopping_rounds'), '5'),
  evalMetric: shown(['mae', 'rmse'], hyperParameter('eval_metric'), 'mae,rmse'),
  additionalHyperParameters: shown({ tree_method: 'hist' }, hyperParameter('tree_method'), 'hist'),
  imageAccount: shown('210987654321', (r) => [r.job('AlgorithmSpecification.TrainingImage'), r.allowed(/TrainingRole/, 'ecr:BatchGetImage')], [expect.stringMatching(/^210987654321\./), [expect.stringContaining(':210987654321:repository/')]]),
};

const image = TrainingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1');

export const constructContainer = pipelineWith<ContainerProps>((given) => ({
  dataset: new Dataset({ columns: [Column.integer('delay'), Column.number('distance'), Column.string('origin')], label: Label.category('origin') }),
  instanceCount: 2,
  algorithm: Algorithm.container({ image, ...given }),
}));

/** Each optional prop of a container. */
export const containerCases: PropCases<ContainerProps> = {
  hyperParameters: shown({ epochs: '3' }, hyperParameter('epochs'), '3'),
  classesHyperParameter: shown('classes', hyperParameter('classes'), '{% $string($prepared.classes) %}'),
  channelFormat: shown(ChannelFormat.CSV, (r) => [r.job('InputDataConfig.0.ContentType'), r.payload('PrepareData', 'training.contentType')], ['text/csv', 'text/csv']),
  dataDistribution: shown(DataDistribution.SHARDED_BY_S3_KEY, (r) => [r.job('InputDataConfig.0.DataSource.S3DataSource.S3DataDistributionType'), r.payload('PrepareData', 'training.parts')], ['ShardedByS3Key', 2]),
  laptopProgram: shown({ command: ['own'], directory: '.' }, (r) => r.metadata('slipway:laptop-program'), [expect.objectContaining({ command: ['own'] })]),
};

const script = { entryPoint: 'train.py', sourceDirectory: path.join(import.meta.dirname, 'script') };
const tag = '2.5.1-cpu-py311-ubuntu22.04-sagemaker';

export const constructFramework = pipelineWith<FrameworkProps>((given) => ({
  dataset: new Dataset({ columns: [Column.integer('delay'), Column.number('distance'), Column.string('origin')], label: Label.category('origin') }),
  instanceCount: 2,
  algorithm: Algorithm.framework({ framework: TrainingFramework.pytorch({ tag }), ...script, ...given }),
}));

/** Each optional prop of a framework's script: those of a container. */
export const frameworkCases: PropCases<FrameworkProps> = containerCases;

export const constructFrameworkImage = pipelineWith<TrainingFrameworkOptions>((given) => ({ algorithm: Algorithm.framework({ framework: TrainingFramework.tensorflow({ tag, ...given }), ...script }) }));
export const frameworkImageCases: PropCases<TrainingFrameworkOptions> = {
  imageAccount: shown('210987654321', (r) => [r.job('AlgorithmSpecification.TrainingImage'), r.allowed(/TrainingRole/, 'ecr:BatchGetImage')], [expect.stringMatching(/^210987654321\./), [expect.stringContaining(':210987654321:repository/')]]),
};

export const constructEcrImage = pipelineWith<EcrImageOptions>((given, stack) => ({
  algorithm: Algorithm.container({ image: TrainingImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Own', 'own'), Object.keys(given).length === 0 ? { tag: 'other' } : given) }),
}));
const digest = `sha256:${'a'.repeat(64)}`;
const trainingImage = (r: Rendered) => r.job('AlgorithmSpecification.TrainingImage');

/** A tag or a digest. */
export const ecrImageCases: PropCases<EcrImageOptions> = {
  tag: { ...shown('v7', trainingImage, expect.stringMatching(/own:v7$/)), alone: true },
  digest: { ...shown(digest, trainingImage, expect.stringMatching(new RegExp(`own@${digest}$`))), alone: true },
};

export const constructAssetImage = pipelineWith<AssetImageOptions>((given) => ({ algorithm: Algorithm.container({ image: TrainingImage.fromAsset(path.join(import.meta.dirname, 'image'), given) }) }));
export const assetImageCases: PropCases<AssetImageOptions> = {
  file: shown('Other.Dockerfile', (r) => r.images(), [expect.objectContaining({ dockerFile: 'Other.Dockerfile' })]),
  buildArgs: shown({ BASE: 'alpine' }, (r) => r.images(), [expect.objectContaining({ dockerBuildArgs: { BASE: 'alpine' } })]),
};

const range = TuningRange.continuous('eta', 0.1, 0.3);
const tuned = (path: string) => (r: Rendered) => r.state('TuneModel', `Arguments.HyperParameterTuningJobConfig.${path}`);

export const constructTuning = pipelineWith<TuningProps>((given) => ({ tuning: Tuning.random({ ranges: [range], ...given }) }));
export const constructBayesian = pipelineWith<TuningProps>((given) => ({ tuning: Tuning.bayesian({ ranges: [range], ...given }) }));

/** Each optional prop of a tuning, of whatever strategy. */
export const tuningCases: PropCases<TuningProps> = {
  objective: shown(TuningObjective.maximize('validation:auc'), tuned('HyperParameterTuningJobObjective'), { Type: 'Maximize', MetricName: 'validation:auc' }),
  maxTrials: shown(7, tuned('ResourceLimits.MaxNumberOfTrainingJobs'), 7),
  maxParallelTrials: shown(5, tuned('ResourceLimits.MaxParallelTrainingJobs'), 5),
  seed: shown(9, tuned('RandomSeed'), 9),
  maxTime: shown(Duration.hours(2), (r) => [tuned('ResourceLimits.MaxRuntimeInSeconds')(r), r.state('TuneModel', 'TimeoutSeconds')], [7200, 10_800]),
  stopTrialsEarly: shown(true, tuned('TrainingJobEarlyStoppingType'), 'Auto'),
};

export const constructHyperband = pipelineWith<HyperbandTuningProps>((given) => ({ tuning: Tuning.hyperband({ ranges: [range], ...given }) }));

const { stopTrialsEarly: _, ...commonTuningCases } = tuningCases;

/** Each optional prop of a tuning by Hyperband. */
export const hyperbandCases: PropCases<HyperbandTuningProps> = {
  ...(commonTuningCases as Omit<PropCases<HyperbandTuningProps>, 'minResource' | 'maxResource'>),
  minResource: shown(2, tuned('StrategyConfig.HyperbandStrategyConfig.MinResource'), 2),
  maxResource: shown(50, tuned('StrategyConfig.HyperbandStrategyConfig.MaxResource'), 50),
};

export const constructApproval = pipelineWith<ManualApprovalOptions>((given, stack) => ({ productionTarget: production(stack), approval: Approval.manual(given) }));

/** Each optional prop of an approval by a person. */
export const approvalCases: PropCases<ManualApprovalOptions> = { timeout: shown(Duration.hours(3), (r) => r.state('AwaitApproval', 'TimeoutSeconds'), 10_800) };

const gate = (path: string) => (r: Rendered) => r.payload('ValidateModel', `gates.0.${path}`);

export const constructSliceGate = pipelineWith<SliceGateOptions>((given) => ({ gates: [Gate.metric('auc').above(0.6).inEachSlice('origin', given)] }));
export const sliceGateCases: PropCases<SliceGateOptions> = { minimumRows: shown(5, gate('inEachSlice'), { column: 'origin', minimumRows: 5 }) };

export const constructChampionGate = pipelineWith<ChampionGateOptions>((given) => ({ gates: [Gate.metric('auc').betterThanChampion(given)] }));
export const championGateCases: PropCases<ChampionGateOptions> = { margin: shown(0.01, gate('margin'), 0.01), confidence: shown(0.95, gate('confidence'), 0.95) };

/** Shares sum to 1, so another one makes room. */
export const constructSplit = pipelineWith<SplitShares>(({ train = 0.8, validation = 0.1, ...given }) => ({
  split: Split.byTime('date', given.test === undefined ? { train, validation, test: rest(train, validation) } : { train: rest(validation, given.test), validation, test: given.test }),
}));
const rest = (one: number, other: number): number => Number((1 - one - other).toFixed(3));
const shareOf = (name: string, value: number) => ({ ...shown(value, (r) => r.payload('PrepareData', `split.${name}`), value), alone: true as const });
export const splitCases: PropCases<SplitShares> = { train: shareOf('train', 0.7), validation: shareOf('validation', 0.15), test: shareOf('test', 0.3) };

const word = (section: string, name: string) => shown('Said.', (r) => r.payload('RegisterModel', `declared.card.${section}.${name}`), 'Said.');

export const constructModelCard = pipelineWith<ModelCardOptions>((modelCard) => ({ modelCard }));

/** Each word of a model card, in its section. */
export const modelCardCases: PropCases<ModelCardOptions> = {
  creator: shown('The team', (r) => r.payload('RegisterModel', 'declared.card.creator'), 'The team'),
  purpose: word('intendedUses', 'purpose_of_model'),
  intendedUses: word('intendedUses', 'intended_uses'),
  limitations: word('intendedUses', 'factors_affecting_model_efficiency'),
  riskRating: shown(RiskRating.HIGH, (r) => r.payload('RegisterModel', 'declared.card.intendedUses.risk_rating'), 'High'),
  riskExplanation: word('intendedUses', 'explanations_for_risk_rating'),
  businessProblem: word('businessDetails', 'business_problem'),
  businessStakeholders: word('businessDetails', 'business_stakeholders'),
  lineOfBusiness: word('businessDetails', 'line_of_business'),
  ethicalConsiderations: word('additionalInformation', 'ethical_considerations'),
  caveats: word('additionalInformation', 'caveats_and_recommendations'),
};

const serving = (name: string) => (r: Rendered) => r.payload('RegisterModel', `declared.serving.${name}`);

export const constructServingImage = pipelineWith<ServingImageOptions>((given) => ({ servingImage: ServingImage.fromUri('own.example/server:1', given) }));

/** Each option of a serving image. */
export const servingImageCases: PropCases<ServingImageOptions> = {
  contentTypes: shown(['text/csv'], serving('contentTypes'), ['text/csv']),
  responseTypes: shown(['text/csv'], serving('responseTypes'), ['text/csv']),
  environment: shown({ WORKERS: '2' }, serving('environment'), { WORKERS: '2' }),
  laptopProgram: shown({ command: ['own'], directory: '.' }, (r) => r.metadata('slipway:laptop-program'), [expect.objectContaining({ command: ['own'] })]),
};
export const constructServingAsset = pipelineWith<ServingAssetOptions>((given) => ({ servingImage: ServingImage.fromAsset(path.join(import.meta.dirname, 'image'), given) }));

/** Each option of a serving image that is built. */
export const servingAssetCases: PropCases<ServingAssetOptions, keyof ServingImageOptions> = {
  file: shown('Other.Dockerfile', (r) => r.images(), [expect.objectContaining({ dockerFile: 'Other.Dockerfile' })]),
  buildArgs: shown({ BASE: 'alpine' }, (r) => r.images(), [expect.objectContaining({ dockerBuildArgs: { BASE: 'alpine' } })]),
  architecture: shown(Architecture.X86_64, (r) => r.images(), [expect.objectContaining({ platform: 'linux/amd64' })]),
};
export const constructModelServerImage = pipelineWith<ModelServerImageOptions>((given) => ({ servingImage: ServingImage.modelServer(given) }));

/** Each option of the model server's image. */
export const modelServerImageCases: PropCases<ModelServerImageOptions> = {
  architecture: shown(Architecture.X86_64, (r) => r.images(), [expect.objectContaining({ platform: 'linux/amd64' })]),
  baseImage: shown('own.example/base:1', (r) => r.images(), [expect.objectContaining({ dockerBuildArgs: expect.objectContaining({ BASE_IMAGE: 'own.example/base:1' }) as object })]),
  nodeImage: shown('own.example/node:24', (r) => r.images(), [expect.objectContaining({ dockerBuildArgs: expect.objectContaining({ NODE_IMAGE: 'own.example/node:24' }) as object })]),
  environment: shown({ WORKERS: '2' }, serving('environment'), { WORKERS: '2' }),
};

const column = (name: string) => (r: Rendered) => r.payload('ValidateData', `schema.columns.1.${name}`);
const withColumn = (of: Column): Partial<TrainingPipelineOptions> => ({ dataset: new Dataset({ columns: [Column.integer('delay'), of], label: Label.above('delay', 15, 'late') }), features: [Feature.category('other')] });

export const constructColumn = pipelineWith<ColumnOptions>((given) => withColumn(Column.boolean('other', given)));
export const constructNumericColumn = pipelineWith<NumericColumnOptions>((given) => ({ ...withColumn(Column.number('other', given)), features: [Feature.numeric('other')] }));
export const constructStringColumn = pipelineWith<StringColumnOptions>((given) => withColumn(Column.string('other', given)));
export const columnCases: PropCases<ColumnOptions> = { nullable: shown(false, column('nullable'), false) };
export const numericColumnCases: PropCases<NumericColumnOptions> = { ...columnCases, minimum: shown(0, column('minimum'), 0), maximum: shown(0, column('maximum'), 0) };
export const stringColumnCases: PropCases<StringColumnOptions> = { ...columnCases, categories: shown(['a', 'b'], column('categories'), ['a', 'b']) };

export const constructDataset = pipelineWith<DatasetProps>((given) => ({
  dataset: new Dataset({ columns: [Column.integer('delay'), Column.number('distance'), Column.number('counts')], label: Label.above('delay', 15, 'late'), ...given }),
}));
export const datasetCases: PropCases<DatasetProps> = { weight: shown('counts', (r) => [r.payload('PrepareData', 'schema.weight'), r.job('HyperParameters.csv_weights')], ['counts', '1']) };

const checks = (r: Rendered) => r.payload('ValidateData', 'checks');
const bound = (check: string, value: number) => shown(value, checks, expect.arrayContaining([expect.objectContaining({ check, bound: value })]));
const columns = (check: string) => shown(['distance'], checks, expect.arrayContaining([expect.objectContaining({ check, columns: ['distance'] })]));
const constructCheck = <Options>(check: (options: Partial<Options>) => DataCheck) => pipelineWith<Options>((given) => ({ checks: [check(given)] }));

export const constructRowsCheck = constructCheck<RowsCheckOptions>((given) => DataCheck.rows(given));
export const rowsCheckCases: PropCases<RowsCheckOptions> = { minimum: bound('rows', 7) };
export const constructNullsCheck = constructCheck<NullsCheckOptions>((given) => DataCheck.nulls(given));
export const nullsCheckCases: PropCases<NullsCheckOptions> = { maximumShare: bound('nulls', 0), columns: columns('nulls') };
export const constructDuplicatesCheck = constructCheck<DuplicatesCheckOptions>((given) => DataCheck.duplicates(given));
export const duplicatesCheckCases: PropCases<DuplicatesCheckOptions> = { maximumShare: bound('duplicates', 0.2) };
export const constructMissingLabelsCheck = constructCheck<MissingLabelsCheckOptions>((given) => DataCheck.missingLabels(given));
export const missingLabelsCheckCases: PropCases<MissingLabelsCheckOptions> = { maximumShare: bound('missingLabels', 0.2) };
export const constructClassBalanceCheck = constructCheck<ClassBalanceCheckOptions>((given) => DataCheck.classBalance(given));
export const classBalanceCheckCases: PropCases<ClassBalanceCheckOptions> = { minimumShare: bound('classBalance', 0.2) };
export const constructClassRowsCheck = constructCheck<ClassRowsCheckOptions>((given) => DataCheck.classRows(given));
export const classRowsCheckCases: PropCases<ClassRowsCheckOptions> = { minimum: bound('classRows', 7) };
export const constructLeakageCheck = constructCheck<LeakageCheckOptions>((given) => DataCheck.leakage(given));
export const leakageCheckCases: PropCases<LeakageCheckOptions> = { maximumFigure: bound('leakage', 0.9), columns: columns('leakage') };
export const constructDriftCheck = constructCheck<DriftCheckOptions>((given) => DataCheck.drift(given));
export const driftCheckCases: PropCases<DriftCheckOptions> = { maximumDistance: bound('drift', 0.3), columns: columns('drift') };

/** The checks that know nothing but their columns, by their factories. */
export const columnChecks: Readonly<Record<string, Construct<ColumnCheckOptions>>> = {
  missingColumns: constructCheck((given) => DataCheck.missingColumns(given)),
  extraColumns: constructCheck((given) => DataCheck.extraColumns(given)),
  types: constructCheck((given) => DataCheck.types(given)),
  ranges: constructCheck((given) => DataCheck.ranges(given)),
  categories: constructCheck((given) => DataCheck.categories(given)),
};
export const columnCheckCases = (check: string): PropCases<ColumnCheckOptions> => ({ columns: columns(check) });
