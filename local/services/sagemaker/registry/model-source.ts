import { checkLength, checkPattern, checkRequired, invalid } from '../validate.ts';
import type { ContainerInput, ModelPackageInput } from './record.ts';

/** What SageMaker allows in a container definition. */
const limits = { containers: 15, image: 255, uri: 1024, environment: 16, variable: 1024 };
const s3Uri = /^(https|s3):\/\/([^/]+)\/?(.*)$/;
const sourceUri = /^[\p{L}\p{M}\p{Z}\p{N}\p{P}]{0,1024}$/u;

/** @throws {AwsError} ValidationException for a package that names its model in two ways, or in one that SageMaker would refuse */
export function checkModelSource({ InferenceSpecification: specification, SourceUri: source }: ModelPackageInput): void {
  if (specification !== undefined && source !== undefined) throw invalid('InferenceSpecification and SourceUri cannot be given together');
  checkPattern('sourceUri', source, sourceUri);
  if (specification === undefined) return;
  const containers = specification.Containers ?? [];
  if (containers.length < 1 || containers.length > limits.containers) throw invalid(`InferenceSpecification takes 1 to ${limits.containers} containers, found ${containers.length}`);
  containers.forEach((container, index) => { checkContainer(`inferenceSpecification.containers.${index + 1}.member`, container); });
}

/** @throws {AwsError} ValidationException for a container that SageMaker would refuse */
export function checkContainer(place: string, { Image: image, ModelDataUrl: url, ModelDataSource: data, Environment: environment = {} }: ContainerInput, mostVariables = limits.environment): void {
  checkRequired(`${place}.image`, image);
  checkLength(`${place}.image`, image, limits.image);
  checkPattern(`${place}.image`, image, /^\S+$/);
  if (url !== undefined && data !== undefined) throw invalid(`${place}: ModelDataUrl and ModelDataSource cannot be given together`);
  checkLength(`${place}.modelDataUrl`, url, limits.uri);
  checkPattern(`${place}.modelDataUrl`, url, s3Uri);
  if (data !== undefined) checkDataSource(`${place}.modelDataSource.s3DataSource`, data.S3DataSource);
  const variables = Object.entries(environment);
  if (variables.length > mostVariables) throw invalid(`${place}.environment takes at most ${mostVariables} entries, found ${variables.length}`);
  for (const [name, value] of variables) {
    checkPattern(`${place}.environment.key`, name, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
    checkLength(`${place}.environment.${name}`, value, limits.variable);
  }
}

function checkDataSource(place: string, source: NonNullable<ContainerInput['ModelDataSource']>['S3DataSource']): void {
  checkRequired(place, source);
  const { S3Uri: uri, S3DataType: type, CompressionType: compression } = source ?? {};
  checkRequired(`${place}.s3Uri`, uri);
  checkRequired(`${place}.s3DataType`, type);
  checkRequired(`${place}.compressionType`, compression);
  checkLength(`${place}.s3Uri`, uri, limits.uri);
  checkPattern(`${place}.s3Uri`, uri, s3Uri);
  checkPattern(`${place}.s3DataType`, type, /^(S3Prefix|S3Object)$/);
  checkPattern(`${place}.compressionType`, compression, /^(None|Gzip)$/);
  if (type === 'S3Prefix' && uri?.endsWith('/') === false) throw invalid(`${place}.s3Uri '${uri}' is the prefix of an S3Prefix, expected one that ends in '/'`);
  if (type === 'S3Prefix' && compression === 'Gzip') throw invalid(`${place}: an S3Prefix cannot be compressed: expected CompressionType None`);
}
