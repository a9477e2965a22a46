import { checkPattern, checkRequired, invalid } from '../validate.ts';
import type { TuningConfig, TuningJobInput } from './record.ts';

const jobName = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/;
const limits = { ranges: 30, categories: 30, trials: 10_000, parallel: 100, resource: 20_000 };

/** Checks CreateHyperParameterTuningJob as SageMaker does, and says what the laptop does not serve. @throws {AwsError} ValidationException */
export function checkTuningJob(input: TuningJobInput): void {
  checkRequired('hyperParameterTuningJobName', input.HyperParameterTuningJobName);
  checkRequired('hyperParameterTuningJobConfig', input.HyperParameterTuningJobConfig);
  checkPattern('hyperParameterTuningJobName', input.HyperParameterTuningJobName, jobName);
  const config = input.HyperParameterTuningJobConfig;
  const unserved: readonly (readonly [string, unknown])[] = [
    ['TrainingJobDefinitions', input.TrainingJobDefinitions],
    ['WarmStartConfig', input.WarmStartConfig],
    ['Autotune', input.Autotune],
    ['TuningJobCompletionCriteria', config.TuningJobCompletionCriteria],
    ['ParameterRanges.AutoParameters', config.ParameterRanges?.AutoParameters],
    ['HyperParameterTuningResourceConfig', input.TrainingJobDefinition?.HyperParameterTuningResourceConfig],
  ];
  for (const [member, value] of unserved) {
    if (value !== undefined) throw invalid(`The laptop does not serve ${member}: leave it out, and give one TrainingJobDefinition with ranges and a number of training jobs`);
  }
  checkRequired('trainingJobDefinition', input.TrainingJobDefinition);
  checkRequired('hyperParameterTuningJobConfig.hyperParameterTuningJobObjective', config.HyperParameterTuningJobObjective);
  checkRequired('hyperParameterTuningJobConfig.resourceLimits.maxNumberOfTrainingJobs', config.ResourceLimits.MaxNumberOfTrainingJobs);
  bounded('MaxNumberOfTrainingJobs', config.ResourceLimits.MaxNumberOfTrainingJobs ?? 0, 1, limits.trials);
  bounded('MaxParallelTrainingJobs', config.ResourceLimits.MaxParallelTrainingJobs, 1, limits.parallel);
  checkStrategy(config);
  checkRanges(config, input.TrainingJobDefinition?.StaticHyperParameters ?? {});
}

function checkStrategy({ Strategy: strategy, StrategyConfig: settings, TrainingJobEarlyStoppingType: stopping = 'Off' }: TuningConfig): void {
  if (!['Random', 'Bayesian', 'Hyperband'].includes(strategy)) throw invalid(`The laptop does not serve the strategy ${strategy}: it serves Random, Bayesian and Hyperband`);
  const { MinResource: least = 1, MaxResource: greatest } = settings?.HyperbandStrategyConfig ?? {};
  if (strategy !== 'Hyperband') {
    if (settings !== undefined) throw invalid(`StrategyConfig is for the strategy Hyperband, and the strategy is ${strategy}`);
    return;
  }
  if (stopping !== 'Off') throw invalid(`TrainingJobEarlyStoppingType must be Off with the strategy Hyperband, which stops training jobs by itself, found ${stopping}`);
  if (greatest === undefined) throw invalid('The strategy Hyperband needs StrategyConfig.HyperbandStrategyConfig.MaxResource: how often a training job tells its metric at most');
  bounded('MaxResource', greatest, 1, limits.resource);
  bounded('MinResource', least, 1, greatest);
}

function checkRanges({ ParameterRanges: ranges = {} }: TuningConfig, fixed: Readonly<Record<string, string>>): void {
  const { IntegerParameterRanges: integers = [], ContinuousParameterRanges: continuous = [], CategoricalParameterRanges: categories = [] } = ranges;
  const names = [...integers, ...continuous, ...categories].map(({ Name }) => Name);
  if (names.length === 0) throw invalid('ParameterRanges names no hyperparameter, expected at least one');
  if (names.length > limits.ranges) throw invalid(`ParameterRanges names ${names.length} hyperparameters, expected at most ${limits.ranges}`);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) throw invalid(`ParameterRanges names ${name} twice`);
    if (Object.hasOwn(fixed, name)) throw invalid(`The hyperparameter ${name} is in both StaticHyperParameters and ParameterRanges`);
  }
  for (const { Name: name, MinValue: minimum, MaxValue: maximum, ScalingType: scaling = 'Auto' } of [...integers, ...continuous]) {
    const [from, to] = [Number(minimum), Number(maximum)];
    if (minimum.trim() === '' || maximum.trim() === '' || !(from <= to)) throw invalid(`The range of ${name} is from "${minimum}" to "${maximum}", expected two numbers of which the first is not greater`);
    if (scaling === 'Logarithmic' && from <= 0) throw invalid(`The range of ${name} starts at ${minimum}: logarithmic scaling takes values greater than 0`);
    if (scaling === 'ReverseLogarithmic' && !(from >= 0 && to < 1)) throw invalid(`The range of ${name} is from ${minimum} to ${maximum}: reverse logarithmic scaling takes values from 0 to less than 1`);
  }
  for (const { Name: name, ScalingType: scaling, MinValue: minimum, MaxValue: maximum } of integers) {
    if (scaling === 'ReverseLogarithmic') throw invalid(`The range of the integer ${name} has reverse logarithmic scaling, which is for continuous ranges`);
    if (!Number.isInteger(Number(minimum)) || !Number.isInteger(Number(maximum))) throw invalid(`The range of the integer ${name} is from ${minimum} to ${maximum}, expected whole numbers`);
  }
  for (const { Name: name, Values: values } of categories) {
    if (values.length < 1 || values.length > limits.categories) throw invalid(`The range of ${name} has ${values.length} values, expected 1 to ${limits.categories}`);
  }
}

function bounded(member: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) throw invalid(`${member} is ${value}, expected a whole number from ${least} to ${most}`);
}
