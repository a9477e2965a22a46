import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { Size } from 'aws-cdk-lib';
import { validateInteger, validateRange, validateSeconds } from '../../private/validation.ts';
import type { Finding } from '../../private/validation.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingJobOptions } from '../training-job-options.ts';
import type { TuningPipelineOptions } from '../tuning-options.ts';
import { hasLocalStorage } from '../../private/local-storage.ts';
import { validateMetricDefinitions, validateTags, validateVariables } from './validate-training-texts.ts';

/** SageMaker's own bounds. */
const longestTrainingSeconds = 5 * 86_400;
const longestWaitSeconds = 28 * 86_400;
const longestKeepAliveSeconds = 3600;
const mostSecurityGroups = 5;

/** Everything that is wrong with the props of a pipeline's training jobs, a rule a line. */
export function validateTraining(props: TrainingJobOptions & TuningPipelineOptions): Finding[] {
  return [
    validateInstanceType('instanceType', props.instanceType),
    validateFallbacks(props),
    validateInstanceCount(props.instanceCount),
    validateRange('volumeSize', gibibytes(props.volumeSize), 1, 16_384, ' GiB'),
    validateInteger('volumeSize in GiB', gibibytes(props.volumeSize)),
    validateSeconds('maxTrainingTime', props.maxTrainingTime, 60, longestTrainingSeconds),
    validateSpot(props),
    validateKeepAlive(props),
    validateNetwork(props),
    validateIsolation(props),
    validateVolumeKey(props),
    validateTags('trainingTags', props.trainingTags),
    validateMetricDefinitions('metricDefinitions', props.metricDefinitions),
    validateVariables(props),
    validateTrials(props),
  ];
}

const gibibytes = (size: Size | undefined): number | undefined => size?.toGibibytes({ rounding: SizeRoundingBehavior.NONE });

function validateInstanceType(name: string, instanceType: string | undefined): Finding {
  if (instanceType === undefined || Token.isUnresolved(instanceType) || /^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) return undefined;
  return `${name} is '${instanceType}', expected a SageMaker instance type such as 'ml.m5.xlarge'.`;
}

function validateFallbacks({ instanceType = pipelineDefaults.instanceType, fallbackInstanceTypes = [] }: TrainingJobOptions): Finding {
  const all = [instanceType, ...fallbackInstanceTypes];
  return fallbackInstanceTypes.flatMap((type, index) => [
    ...[validateInstanceType(`fallbackInstanceTypes[${String(index)}]`, type) ?? []].flat(),
    ...(all.indexOf(type) <= index ? [`fallbackInstanceTypes[${String(index)}] is '${type}', which is tried before, expected another type.`] : []),
  ]);
}

function validateInstanceCount(instanceCount: number | undefined): Finding {
  if (instanceCount === undefined) return undefined;
  if (Token.isUnresolved(instanceCount)) return 'instanceCount is a token, expected a number that is known at synth: the training data is written in as many parts.';
  return [validateRange('instanceCount', instanceCount, 1, Number.MAX_SAFE_INTEGER), validateInteger('instanceCount', instanceCount)].flatMap((finding) => finding ?? []);
}

function validateSpot({ useSpot = pipelineDefaults.useSpot, maxWaitTime, maxTrainingTime = pipelineDefaults.maxTrainingTime }: TrainingJobOptions): Finding {
  if (maxWaitTime === undefined) return undefined;
  if (!useSpot) return 'maxWaitTime is set without useSpot, expected both: only training on spare capacity waits for it.';
  const outside = validateSeconds('maxWaitTime', maxWaitTime, 1, longestWaitSeconds);
  if (outside !== undefined || maxTrainingTime.isUnresolved() || maxWaitTime.isUnresolved()) return outside;
  const training = maxTrainingTime.toSeconds({ integral: false });
  if (maxWaitTime.toSeconds() >= training) return undefined;
  return `maxWaitTime is ${String(maxWaitTime.toSeconds())} s, expected at least maxTrainingTime, ${String(training)} s: it bounds waiting and training together.`;
}

function validateKeepAlive({ keepAlivePeriod, useSpot }: TrainingJobOptions): Finding {
  if (keepAlivePeriod === undefined) return undefined;
  const outside = validateSeconds('keepAlivePeriod', keepAlivePeriod, 0, longestKeepAliveSeconds);
  if (outside !== undefined || useSpot !== true || keepAlivePeriod.isUnresolved() || keepAlivePeriod.toSeconds() === 0) return outside;
  return `keepAlivePeriod is ${String(keepAlivePeriod.toSeconds())} s with useSpot, expected one of them: SageMaker keeps no instances of spare capacity, which AWS may take back at any time.`;
}

function validateNetwork({ vpc, vpcSubnets, securityGroups }: TrainingJobOptions): Finding {
  if (vpc !== undefined) return validateRange('the number of securityGroups', securityGroups?.length, 1, mostSecurityGroups);
  return [
    ...(vpcSubnets === undefined ? [] : ['vpcSubnets is set without vpc, expected both.']),
    ...(securityGroups === undefined ? [] : ['securityGroups is set without vpc, expected both.']),
  ];
}

function validateIsolation({ secrets = {}, networkIsolation = pipelineDefaults.networkIsolation }: TrainingJobOptions): Finding {
  const names = Object.keys(secrets);
  if (names.length === 0 || !networkIsolation) return undefined;
  return `secrets holds ${names.join(', ')} under networkIsolation, expected networkIsolation: false: the container asks Secrets Manager for the values, and an isolated one reaches nobody.`;
}

function validateVolumeKey({ volumeEncryptionKey, instanceType = pipelineDefaults.instanceType, fallbackInstanceTypes = [] }: TrainingJobOptions): Finding {
  const types = [instanceType, ...fallbackInstanceTypes];
  if (volumeEncryptionKey === undefined || types.some((type) => !hasLocalStorage(type))) return undefined;
  return `volumeEncryptionKey is set for ${types.join(', ')}, whose disks encrypt themselves: SageMaker refuses a key for them. Leave it out, or take instances without disks of their own.`;
}

/** SageMaker starts the trials of a tuning itself. */
function validateTrials({ tuning, fallbackInstanceTypes = [], keepAlivePeriod }: TrainingJobOptions & TuningPipelineOptions): Finding {
  if (tuning === undefined) return undefined;
  return [
    ...(fallbackInstanceTypes.length === 0 ? [] : ['fallbackInstanceTypes is set with tuning, expected one of them: SageMaker starts the trials, all on the same instances.']),
    ...(keepAlivePeriod === undefined || keepAlivePeriod.isUnresolved() || keepAlivePeriod.toSeconds({ integral: false }) === 0 ? [] : ['keepAlivePeriod is set with tuning, expected one of them: the trials of a tuning leave no instances behind.']),
  ];
}
