import { AwsError } from '../../../core/errors.ts';
import { checkContainer } from '../registry/model-source.ts';
import { checkPattern, checkRequired, invalid } from '../validate.ts';
import type { ConfigInput, ContainerInput, ModelInput, ServerlessConfig, VariantInput } from './record.ts';

const entityName = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const longestName = 63;
const mostVariants = 10;
/** Of a model's container; a model package takes fewer. */
const mostVariables = 100;
const memorySizes = [1024, 2048, 3072, 4096, 5120, 6144];
const mostConcurrency = 200;

/** @throws {AwsError} ValidationException for a name that SageMaker refuses */
export function checkName(member: string, name: string | undefined): void {
  checkRequired(member, name);
  checkPattern(member, name, entityName);
  if ((name?.length ?? 0) > longestName) throw invalid(`1 validation error detected: Value '${String(name)}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longestName}`);
}

/** The one container of a model. @throws {AwsError} ValidationException without one, NotImplemented for a pipeline of several */
export function containerOf({ PrimaryContainer: primary, Containers: containers }: ModelInput): ContainerInput {
  if (primary !== undefined && containers !== undefined) throw invalid('PrimaryContainer and Containers cannot be given together');
  const [first, ...more] = primary === undefined ? (containers ?? []) : [primary];
  if (first === undefined) throw invalid('Either PrimaryContainer or Containers must be given');
  if (more.length > 0) throw new AwsError('NotImplemented', 'A model of several containers (an inference pipeline) is not served on the laptop.', 501);
  if (first.Mode === 'MultiModel') throw new AwsError('NotImplemented', 'A multi-model container is not served on the laptop.', 501);
  return first;
}

/** Checks CreateModel as SageMaker does. @throws {AwsError} ValidationException */
export function checkModel(input: ModelInput): void {
  checkName('modelName', input.ModelName);
  const container = containerOf(input);
  if (container.ModelPackageName !== undefined) throw new AwsError('NotImplemented', 'A model made of a model package is not served on the laptop: name its image and its data.', 501);
  checkContainer('primaryContainer', container, mostVariables);
  checkRequired('executionRoleArn', input.ExecutionRoleArn);
}

/** Checks CreateEndpointConfig as SageMaker does. @throws {AwsError} ValidationException */
export function checkConfig(input: ConfigInput): void {
  checkName('endpointConfigName', input.EndpointConfigName);
  const variants = input.ProductionVariants;
  if (input.AsyncInferenceConfig !== undefined || (input.ShadowProductionVariants ?? []).length > 0) throw new AwsError('NotImplemented', 'Asynchronous and shadow inference are not served on the laptop.', 501);
  if (variants.length < 1 || variants.length > mostVariants) throw invalid(`An endpoint configuration takes 1 to ${mostVariants} production variants, found ${variants.length}`);
  const names = variants.map(({ VariantName }) => VariantName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Production variant names must be unique: "${twice}" is given twice`);
  for (const variant of variants) checkVariant(variant);
  const capture = input.DataCaptureConfig;
  if (variants.some(({ ServerlessConfig }) => ServerlessConfig !== undefined) && (variants.length > 1 || capture !== undefined)) {
    throw invalid('Serverless inference has neither several production variants nor data capture');
  }
  if (capture === undefined) return;
  checkPattern('dataCaptureConfig.destinationS3Uri', capture.DestinationS3Uri, /^(https|s3):\/\/([^/]+)\/?(.*)$/);
  if (!(capture.InitialSamplingPercentage >= 0 && capture.InitialSamplingPercentage <= 100)) throw invalid(`InitialSamplingPercentage must be 0 to 100, found ${capture.InitialSamplingPercentage}`);
}

function checkVariant({ VariantName: name, ModelName: model, InitialVariantWeight: weight, ServerlessConfig: serverless, InstanceType: type, InitialInstanceCount: count }: VariantInput): void {
  checkName('variantName', name);
  checkRequired('modelName', model);
  if (weight !== undefined && !(weight >= 0)) throw invalid(`InitialVariantWeight of "${name}" must be 0 or more, found ${weight}`);
  if (serverless !== undefined) {
    if (type !== undefined || count !== undefined) throw invalid(`The variant "${name}" has a ServerlessConfig: InstanceType and InitialInstanceCount cannot be given`);
    checkServerless(name, serverless);
    return;
  }
  if (type === undefined) throw invalid(`The variant "${name}" needs an InstanceType or a ServerlessConfig`);
  if (!(count !== undefined && count >= 1)) throw invalid(`InitialInstanceCount of "${name}" must be at least 1, found ${String(count)}`);
}

/** @throws {AwsError} ValidationException */
export function checkServerless(name: string, { MemorySizeInMB: memory, MaxConcurrency: concurrency, ProvisionedConcurrency: provisioned }: ServerlessConfig): void {
  if (!memorySizes.includes(memory)) throw invalid(`MemorySizeInMB of "${name}" must be one of ${memorySizes.join(', ')}, found ${memory}`);
  if (!(concurrency >= 1 && concurrency <= mostConcurrency)) throw invalid(`MaxConcurrency of "${name}" must be 1 to ${mostConcurrency}, found ${concurrency}`);
  if (provisioned !== undefined && !(provisioned >= 1 && provisioned <= concurrency)) throw invalid(`ProvisionedConcurrency of "${name}" must be 1 to its MaxConcurrency of ${concurrency}, found ${provisioned}`);
}
