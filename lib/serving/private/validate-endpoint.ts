import { Token } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { EndpointVariantSpec } from '../../../model/spec/endpoint.ts';
import { longestEndpointName } from '../../../model/spec/endpoint.ts';
import { hasLocalStorage } from '../../private/local-storage.ts';
import type { Finding } from '../../private/validation.ts';
import { validateInteger, validateKebabCase, validateRange, validateSeconds } from '../../private/validation.ts';
import type { BoundServingImage } from '../../registry/private/bound-serving-image.ts';
import type { InferenceEndpointOptions } from '../inference-endpoint-props.ts';

const mostAlarms = 10;

/** What is wrong with the options of an endpoint. */
export function validateEndpoint(targetName: string, stable: EndpointVariantSpec, canary: EndpointVariantSpec, options: InferenceEndpointOptions): Finding[] {
  return [
    validateKebabCase('targetName', targetName, 40),
    options.endpointName === undefined ? undefined : validateName(options.endpointName),
    (stable.serverless === undefined) === (canary.serverless === undefined) ? undefined : 'canaryVariant and variant are one serverless and one on instances, expected both alike: an endpoint cannot mix them.',
    stable.serverless === undefined ? validateInstances(stable, canary, options) : validateServerless(options),
    ...validateUpdate(stable, options),
    validateRollout(stable, options),
    ...validateScaling(stable, options),
    validateRange('dataCapture.samplingPercent', options.dataCapture?.samplingPercent, 1, 100, ' %'),
    validateInteger('dataCapture.samplingPercent', options.dataCapture?.samplingPercent),
    options.dataCapture?.requests === false && options.dataCapture.responses === false ? 'dataCapture keeps neither requests nor responses, expected at least one of them. Leave dataCapture out to keep nothing.' : undefined,
    options.vpc === undefined && options.subnets !== undefined ? 'subnets are set and vpc is not, expected the network that they are in.' : undefined,
    options.vpc === undefined && options.securityGroups !== undefined ? 'securityGroups are set and vpc is not, expected the network that they are in.' : undefined,
  ];
}

function validateRollout(stable: EndpointVariantSpec, { rollout }: InferenceEndpointOptions): Finding {
  if (stable.serverless === undefined || rollout === undefined || rollout.toJSON().kind === 'allAtOnce') return undefined;
  return 'rollout shares the requests between versions, and a serverless endpoint has one variant. Use Rollout.allAtOnce(), which tries a new version out on an endpoint beside it, or a variant on instances.';
}

function validateName(name: string): Finding {
  if (Token.isUnresolved(name) || (name.length <= longestEndpointName && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))) return undefined;
  return `endpointName is '${name}', expected lower case letters, digits and hyphens, at most ${String(longestEndpointName)}: names of models and configurations are made from it.`;
}

function validateServerless({ scaling, volumeKey, dataCapture, vpc, networkIsolation, schedule }: InferenceEndpointOptions): Finding {
  const given = Object.entries({ scaling, volumeKey, dataCapture, vpc, schedule, ...(networkIsolation === true ? { networkIsolation } : {}) }).filter(([, value]) => value !== undefined);
  return given.map(([name]) => `${name} is set on a serverless endpoint, which has none: use EndpointVariant.instances(..), or leave ${name} out.`);
}

function validateInstances(stable: EndpointVariantSpec, canary: EndpointVariantSpec, { volumeKey }: InferenceEndpointOptions): Finding {
  if (volumeKey === undefined) return undefined;
  return [stable, canary]
    .flatMap(({ instances }) => instances?.type ?? [])
    .filter((type, index, all) => !Token.isUnresolved(type) && hasLocalStorage(type) && all.indexOf(type) === index)
    .map((type) => `volumeKey is set and ${type} has disks of its own, which encrypt themselves: SageMaker rejects a key there. Leave volumeKey out, or choose a type without local storage.`);
}

function validateUpdate({ instances, serverless }: EndpointVariantSpec, { update, updateAlarms, scaling, alarms }: InferenceEndpointOptions): Finding[] {
  const steps = update !== undefined && update._spec.kind !== 'allAtOnce';
  const fewest = scaling?.minInstances ?? instances?.count ?? 1;
  return [
    update === undefined && updateAlarms !== undefined ? 'updateAlarms are set and update is not, expected an EndpointUpdate: SageMaker watches alarms only while it moves traffic by one.' : undefined,
    steps && serverless !== undefined ? `update is ${update._spec.kind} on a serverless endpoint, expected EndpointUpdate.allAtOnce() or none: it has no instances to move traffic by.` : undefined,
    steps && serverless === undefined && fewest < 2 ? `update is ${update._spec.kind} on ${String(fewest)} instance, expected at least 2: traffic moves by whole instances.` : undefined,
    updateAlarms !== undefined && updateAlarms.length > mostAlarms ? `updateAlarms holds ${String(updateAlarms.length)} alarms, expected at most ${String(mostAlarms)}.` : undefined,
    steps && updateAlarms?.length === 0 ? 'updateAlarms is empty, expected at least one alarm: without any, waiting between the steps shows nothing.' : undefined,
    steps && updateAlarms === undefined && (alarms?.enabled === false || (alarms?.latency?.enabled === false && alarms.errorRate?.enabled === false))
      ? 'update moves traffic step by step and the alarms on latency and errors are off, expected updateAlarms: without any, waiting between the steps shows nothing.'
      : undefined,
  ];
}

function validateScaling({ instances }: EndpointVariantSpec, { scaling }: InferenceEndpointOptions): Finding[] {
  if (scaling === undefined || instances === undefined) return [];
  const { minInstances, maxInstances } = scaling;
  return [
    validateRange('scaling.minInstances', minInstances, 1, 1000),
    validateInteger('scaling.minInstances', minInstances),
    validateRange('scaling.maxInstances', maxInstances, minInstances, 1000),
    validateInteger('scaling.maxInstances', maxInstances),
    validateRange('scaling.invocationsPerInstance', scaling.invocationsPerInstance, 1, 1_000_000),
    validateSeconds('scaling.scaleInCooldown', scaling.scaleInCooldown, 0, 86_400),
    validateSeconds('scaling.scaleOutCooldown', scaling.scaleOutCooldown, 0, 86_400),
    validateRange('variant count', instances.count, minInstances, maxInstances),
  ];
}

/** What is wrong with an image on what it is to run. */
export function validateEndpointImage({ architecture, spec, repositoryArn }: BoundServingImage, stable: EndpointVariantSpec): Finding[] {
  const wanted = architectureOf(stable);
  return [
    architecture === undefined || wanted === undefined || architecture.name === wanted.name
      ? undefined
      : `image is built for ${architecture.name} and ${stable.instances?.type ?? 'serverless inference'} runs ${wanted.name}: build the image for it (architecture), or choose another type.`,
    repositoryArn === undefined && !Token.isUnresolved(spec.image) ? `image is '${spec.image}', expected an image of Amazon ECR: SageMaker pulls from no other registry. Copy it to an ImageRepository.` : undefined,
  ];
}

/** The processor of a variant; undefined where it is not known at synth. A `g` behind the generation marks Graviton. */
export function architectureOf({ instances }: EndpointVariantSpec): Architecture | undefined {
  if (instances === undefined) return Architecture.X86_64;
  if (Token.isUnresolved(instances.type)) return undefined;
  return /^ml\.[a-z]+\d+g[a-z]*\./.test(instances.type) ? Architecture.ARM_64 : Architecture.X86_64;
}
