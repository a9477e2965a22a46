import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { Size } from 'aws-cdk-lib';
import { checkFeatures } from '../../../model/spec/feature.ts';
import { metricsOf } from '../../../model/spec/gate.ts';
import { checkSplit } from '../../../model/spec/split.ts';
import { taskOf } from '../../../model/spec/task.ts';
import { validateInteger, validateKebabCase, validateRange, validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import { pipelineDefaults } from '../defaults.ts';
import { taskNames } from '../../training/private/objectives.ts';
import type { TrainingPipelineOptions } from '../training-pipeline-props.ts';
import { validateData } from './validate-data.ts';
import { validateRegistration } from './validate-registration.ts';
import { validateTuning } from './validate-tuning.ts';

/** Longer names would not fit into a training job's, which has 63 characters. */
const nameMaxLength = 32;

/** A standard execution ends after a year. */
const longestRunSeconds = 365 * 86_400;

/** Everything that is wrong with a pipeline's props, a rule a line. */
export function validatePipeline(pipelineName: string, props: TrainingPipelineOptions): Finding[] {
  return [
    validateKebabCase('pipelineName', pipelineName, nameMaxLength),
    validateFeatures(props),
    validateSplit(props),
    props.algorithm.validate(props.dataset),
    validateGates(props),
    validateInstanceType(props.instanceType),
    validateInstanceCount(props.instanceCount),
    validateRange('volumeSize', gibibytes(props.volumeSize), 1, 16_384, ' GiB'),
    validateInteger('volumeSize in GiB', gibibytes(props.volumeSize)),
    validateSeconds('maxTrainingTime', props.maxTrainingTime, 60, 5 * 86_400),
    validateTimeout(props),
    ...validateData(props),
    validateNetwork(props),
    validateTuning(props),
    validateRegistration(props),
  ];
}

const gibibytes = (size: Size | undefined): number | undefined => size?.toGibibytes({ rounding: SizeRoundingBehavior.NONE });

function validateFeatures({ dataset, features }: TrainingPipelineOptions): Finding {
  return checkFeatures(dataset.toJSON(), features.map((feature) => feature.toJSON())).map((error) => error.message);
}

function validateSplit({ dataset, features, split }: TrainingPipelineOptions): Finding {
  if (split === undefined) return undefined;
  return checkSplit(dataset.toJSON(), split.toJSON(), features.map((feature) => feature.toJSON())).map((error) => error.message);
}

function validateGates({ dataset, gates = [] }: TrainingPipelineOptions): Finding {
  const { label } = dataset.toJSON();
  const fitting = metricsOf(taskOf(label));
  return gates
    .map((gate) => gate.toJSON().metric)
    .filter((metric) => !fitting.includes(metric))
    .map((metric) => `a gate stands on '${metric}', which is not measured for the label '${label.column}' (${taskNames[taskOf(label)]}), expected one of ${fitting.join(', ')}.`);
}

function validateInstanceType(instanceType: string | undefined): Finding {
  if (instanceType === undefined || Token.isUnresolved(instanceType) || /^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) return undefined;
  return `instanceType is '${instanceType}', expected a SageMaker instance type such as 'ml.m5.xlarge'.`;
}

function validateInstanceCount(instanceCount: number | undefined): Finding {
  if (instanceCount === undefined || instanceCount === 1) return undefined;
  const found = Token.isUnresolved(instanceCount) ? 'a token' : String(instanceCount);
  return `instanceCount is ${found}, expected 1: the training data is one file that every instance would get as a whole, so that each row counted once an instance. Take a larger instanceType.`;
}

function validateTimeout(props: TrainingPipelineOptions): Finding {
  const timeout = props.timeout ?? pipelineDefaults.timeout;
  const maxTrainingTime = props.maxTrainingTime ?? pipelineDefaults.maxTrainingTime;
  if (timeout.isUnresolved() || maxTrainingTime.isUnresolved()) return undefined;
  const whole = timeout.toSeconds({ integral: false });
  const training = maxTrainingTime.toSeconds({ integral: false });
  if (whole > training) return validateSeconds('timeout', timeout, 60, longestRunSeconds);
  return `timeout is ${String(whole)} s, expected more than maxTrainingTime, ${String(training)} s: no run could end.`;
}

function validateNetwork({ vpc, vpcSubnets, securityGroups }: TrainingPipelineOptions): Finding {
  if (vpc !== undefined) return undefined;
  return [
    ...(vpcSubnets === undefined ? [] : ['vpcSubnets is set without vpc, expected both.']),
    ...(securityGroups === undefined ? [] : ['securityGroups is set without vpc, expected both.']),
  ];
}
