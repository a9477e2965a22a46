import type { Duration } from 'aws-cdk-lib';
import { checkFeatures } from '../../../model/spec/feature.ts';
import { checkSplit } from '../../../model/spec/split.ts';
import { validateKebabCase, validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingPipelineOptions, TrainingPipelineProps } from '../training-pipeline-props.ts';
import { validateData } from './validate-data.ts';
import { validateEvaluation } from './validate-evaluation.ts';
import { validateRegistration } from './validate-registration.ts';
import { validateRelease } from './validate-release.ts';
import { validateTraining } from './validate-training.ts';
import { validateTuning } from './validate-tuning.ts';

/** Longer names would not fit into a training job's, which has 63 characters. */
const nameMaxLength = 32;

/** A standard execution ends after a year. */
const longestRunSeconds = 365 * 86_400;

/** Everything that is wrong with a pipeline's props, a rule a line. */
export function validatePipeline(pipelineName: string, props: TrainingPipelineProps): Finding[] {
  return [
    validateKebabCase('pipelineName', pipelineName, nameMaxLength),
    validateFeatures(props),
    validateSplit(props),
    props.algorithm.validate(props.dataset),
    ...validateEvaluation(props),
    ...validateTraining(props),
    validateTimeout(props),
    ...validateData(props),
    validateTuning(props),
    validateRegistration(props),
    ...validateRelease(props),
  ];
}

function validateFeatures({ dataset, features }: TrainingPipelineOptions): Finding {
  return checkFeatures(dataset.toJSON(), features.map((feature) => feature.toJSON())).map((error) => error.message);
}

function validateSplit({ dataset, features, split }: TrainingPipelineOptions): Finding {
  if (split === undefined) return undefined;
  return checkSplit(dataset.toJSON(), split.toJSON(), features.map((feature) => feature.toJSON())).map((error) => error.message);
}

function validateTimeout(props: TrainingPipelineOptions): Finding {
  const timeout = props.timeout ?? pipelineDefaults.timeout;
  const longest = longestJob(props);
  if (timeout.isUnresolved() || longest.isUnresolved()) return undefined;
  const whole = timeout.toSeconds({ integral: false });
  const training = longest.toSeconds({ integral: false });
  if (whole > training) return validateSeconds('timeout', timeout, 60, longestRunSeconds) ?? validateWhole(whole, props.approval?.timeout);
  return `timeout is ${String(whole)} s, expected more than ${props.useSpot === true ? 'maxWaitTime' : 'maxTrainingTime'}, ${String(training)} s: no run could end.`;
}

/** The wait for a person is on top of the run's own time. */
function validateWhole(run: number, wait: Duration | undefined): Finding {
  const waiting = wait?.toSeconds({ integral: false }) ?? 0;
  if (run + waiting <= longestRunSeconds) return undefined;
  return `timeout is ${String(run)} s and approval's timeout ${String(waiting)} s, expected at most ${String(longestRunSeconds)} s together: Step Functions ends a run after a year.`;
}

function longestJob({ useSpot, maxWaitTime, maxTrainingTime = pipelineDefaults.maxTrainingTime }: TrainingPipelineOptions): Duration {
  if (useSpot !== true || maxTrainingTime.isUnresolved()) return maxTrainingTime;
  return maxWaitTime ?? maxTrainingTime.plus(pipelineDefaults.spotWaitMargin);
}
