import { checkLength, checkPattern, invalid } from '../validate.ts';
import { checkModelCardContent } from './card.ts';
import { checkModelSource } from './model-source.ts';
import type { ModelPackageInput } from './record.ts';

/** What SageMaker allows in a model package. */
const limits = { metadataKeys: 50, metadataKey: 128, metadataValue: 256, description: 1024 };
const entityName = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const clientToken = /^[a-zA-Z0-9-]{1,36}$/;
const digest = /^[Ss][Hh][Aa]256:[0-9a-fA-F]{0,64}$/;

/** @throws {AwsError} ValidationException for what SageMaker would refuse */
export function checkPackage(input: ModelPackageInput): void {
  const { ModelPackageGroupName: group, ModelPackageName: name } = input;
  if ((group === undefined) === (name === undefined)) throw invalid('Exactly one of ModelPackageName and ModelPackageGroupName must be given');
  checkPattern('modelPackageName', name, entityName);
  checkPattern('clientToken', input.ClientToken, clientToken);
  checkLength('modelPackageDescription', input.ModelPackageDescription, limits.description);
  if (group !== undefined && input.Tags !== undefined && input.Tags.length > 0) {
    throw invalid('Tags cannot be given for a versioned model package: its group carries the tags');
  }
  checkModelSource(input);
  if (input.ModelCard?.ModelCardContent !== undefined) checkModelCardContent(input.ModelCard.ModelCardContent);
  checkMetadata(input.CustomerMetadataProperties ?? {});
  checkDigests([input.ModelMetrics, input.DriftCheckBaselines]);
}

/** @throws {AwsError} ValidationException when there are too many entries, or too long ones */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const entries = Object.entries(metadata);
  if (entries.length > limits.metadataKeys) throw invalid(`CustomerMetadataProperties takes at most ${limits.metadataKeys} entries, found ${entries.length}`);
  for (const [key, value] of entries) {
    checkLength('customerMetadataProperties.key', key, limits.metadataKey);
    checkLength(`customerMetadataProperties.${key}`, value, limits.metadataValue);
  }
}

/** @throws {AwsError} ValidationException for the name of a group that SageMaker would refuse */
export function checkGroupName(name: string): void {
  checkPattern('modelPackageGroupName', name, entityName);
}

function checkDigests(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'ContentDigest') checkPattern('contentDigest', String(item), digest);
    else checkDigests(item);
  }
}
