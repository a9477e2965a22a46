import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import { policyRegistry } from '../../iam/policies.ts';
import { randomPassword } from './password.ts';
import type { PasswordOptions } from './password.ts';
import type { Rotations } from './rotation.ts';
import type { Secrets } from './secrets.ts';
import type { RotationRecord } from './types.ts';

/** Longer than any name that CloudFormation makes. */
const longestName = 200;

interface SecretProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly SecretString?: string;
  readonly GenerateSecretString?: PasswordOptions & { readonly SecretStringTemplate?: string; readonly GenerateStringKey?: string };
}

/** The resource types of AWS Secrets Manager. */
export function secretProviders(context: LaptopContext, secrets: Secrets, rotations: Rotations): ResourceProvider[] {
  return [secretProvider(context, secrets), rotationProvider(secrets, rotations), policyProvider(context), attachmentProvider()];
}

/** AWS::SecretsManager::Secret: a value is generated once, and set anew when the template says another one. */
function secretProvider(context: LaptopContext, secrets: Secrets): ResourceProvider {
  const declared = context.store.collection<string>('secretsmanager', 'declared-value');
  return {
    type: 'AWS::SecretsManager::Secret',
    apply(declaration, { physicalName }, previous) {
      const { Name, Description, KmsKeyId, SecretString, GenerateSecretString } = declaration.properties as SecretProperties;
      const settings = { ...(Description !== undefined && { description: Description }), ...(KmsKeyId !== undefined && { kmsKeyId: KmsKeyId }) };
      const known = previous && secrets.find(previous.physicalId);
      const name = Name ?? known?.name ?? physicalName(declaration, longestName);
      const standing = secrets.find(name);
      const secret = standing === undefined ? secrets.create(name, settings) : secrets.put({ ...standing, ...settings });
      const said = JSON.stringify([SecretString, GenerateSecretString]);
      if (declared.get(secret.arn) !== said) secrets.addVersion(secret, { SecretString: SecretString ?? generate(GenerateSecretString) });
      declared.put(secret.arn, said);
      return { physicalId: secret.arn, attributes: { Id: secret.arn } };
    },
    remove({ physicalId }) {
      declared.delete(physicalId);
      const secret = secrets.find(physicalId);
      if (secret !== undefined) secrets.remove(secret.name);
    },
  };
}

function generate({ SecretStringTemplate: template, GenerateStringKey: key, ...options }: NonNullable<SecretProperties['GenerateSecretString']> = {}): string {
  const password = randomPassword(options);
  return key === undefined ? password : JSON.stringify({ ...(JSON.parse(template ?? '{}') as object), [key]: password });
}

/** AWS::SecretsManager::RotationSchedule. */
function rotationProvider(secrets: Secrets, rotations: Rotations): ResourceProvider {
  return {
    type: 'AWS::SecretsManager::RotationSchedule',
    apply({ properties, constructPath, logicalId }) {
      const { SecretId, RotationLambdaARN, RotationRules = {}, RotateImmediatelyOnUpdate = true } = properties as { SecretId: string; RotationLambdaARN?: string; RotationRules?: RotationRecord['rules']; RotateImmediatelyOnUpdate?: boolean | string };
      if (RotationLambdaARN === undefined) throw new Error(`${constructPath ?? logicalId} names no RotationLambdaARN: the laptop hosts no rotation functions of its own.`);
      const secret = secrets.get(SecretId);
      const rotation: RotationRecord = { functionArn: RotationLambdaARN, rules: RotationRules };
      const changed = JSON.stringify(secret.rotation) !== JSON.stringify(rotation);
      const scheduled = secrets.put({ ...secret, rotation });
      rotations.schedule(scheduled);
      if (changed && String(RotateImmediatelyOnUpdate) === 'true') rotations.start(scheduled.name);
      return { physicalId: secret.arn, attributes: { Id: secret.arn } };
    },
    remove({ physicalId }) {
      const secret = secrets.find(physicalId);
      if (secret === undefined) return;
      const { rotation: _, ...rest } = secret;
      rotations.schedule(secrets.put(rest));
    },
  };
}

/** AWS::SecretsManager::ResourcePolicy: kept with the other resource policies, for whoever decides by them. */
function policyProvider({ store }: LaptopContext): ResourceProvider {
  const { resourcePolicies } = policyRegistry(store);
  return {
    type: 'AWS::SecretsManager::ResourcePolicy',
    apply({ properties, constructPath }) {
      const { SecretId: resourceArn, ResourcePolicy: document } = properties as { SecretId: string; ResourcePolicy: unknown };
      resourcePolicies.put(resourceArn, { resourceArn, document, ...(constructPath !== undefined && { constructPath }) });
      return { physicalId: resourceArn, attributes: { Id: resourceArn } };
    },
    remove: ({ physicalId }) => void resourcePolicies.delete(physicalId),
  };
}

/** AWS::SecretsManager::SecretTargetAttachment: there is no database here whose address would come into the secret. */
function attachmentProvider(): ResourceProvider {
  return { type: 'AWS::SecretsManager::SecretTargetAttachment', apply: ({ properties }) => ({ physicalId: String(properties['SecretId']), attributes: { Id: String(properties['SecretId']) } }) };
}
