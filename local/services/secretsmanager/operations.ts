import type { Operation, Output } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { randomPassword } from './password.ts';
import type { PasswordOptions } from './password.ts';
import type { Rotations } from './rotation.ts';
import type { Secrets, SecretValue } from './secrets.ts';
import type { RotationRecord, SecretRecord, VersionRecord } from './types.ts';

interface Named {
  readonly SecretId: string;
}
interface Settings {
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly ClientRequestToken?: string;
}

const defaultWindowDays = 30;

/** The operations of AWS Secrets Manager that the laptop serves. */
export function secretOperations(context: LaptopContext, secrets: Secrets, rotations: Rotations): Readonly<Record<string, Operation>> {
  const now = (): string => context.clock.now().toISOString();
  return {
    CreateSecret({ Name, Description, KmsKeyId, ClientRequestToken, SecretString, SecretBinary }: SecretValue & Settings & { Name: string }) {
      const secret = secrets.create(Name, settingsOf({ Description, KmsKeyId }));
      if (SecretString === undefined && SecretBinary === undefined) return named(secret);
      return { ...named(secret), VersionId: secrets.addVersion(secret, valueOf({ SecretString, SecretBinary }), ClientRequestToken).id };
    },
    GetSecretValue({ SecretId, VersionId, VersionStage }: Named & { VersionId?: string; VersionStage?: string }) {
      const secret = secrets.get(SecretId);
      const version = secrets.version(secret, VersionId, VersionStage);
      if (version.text === undefined && version.bytes === undefined) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for VersionId: ${version.id}`);
      return { ...named(secret), ...describeValue(version) };
    },
    PutSecretValue({ SecretId, ClientRequestToken, VersionStages, SecretString, SecretBinary }: Named & SecretValue & Settings & { VersionStages?: readonly string[] }) {
      const secret = secrets.get(SecretId);
      const { id, stages } = secrets.addVersion(secret, valueOf({ SecretString, SecretBinary }), ClientRequestToken, VersionStages);
      return { ...named(secret), VersionId: id, VersionStages: stages };
    },
    UpdateSecret({ SecretId, Description, KmsKeyId, ClientRequestToken, SecretString, SecretBinary }: Named & SecretValue & Settings) {
      const secret = secrets.put({ ...secrets.get(SecretId), ...settingsOf({ Description, KmsKeyId }) });
      if (SecretString === undefined && SecretBinary === undefined) return named(secret);
      return { ...named(secret), VersionId: secrets.addVersion(secret, valueOf({ SecretString, SecretBinary }), ClientRequestToken).id };
    },
    UpdateSecretVersionStage({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }: Named & { VersionStage: string; MoveToVersionId?: string; RemoveFromVersionId?: string }) {
      const secret = secrets.get(SecretId);
      const holder = secret.versions.find(({ stages }) => stages.includes(VersionStage))?.id;
      if (holder !== undefined && holder !== MoveToVersionId && holder !== RemoveFromVersionId) throw new AwsError('InvalidParameterException', `The staging label ${VersionStage} is currently attached to version ${holder}. You must explicitly reference that version in RemoveFromVersionId.`);
      return named(secrets.moveLabel(secret, VersionStage, MoveToVersionId));
    },
    DescribeSecret: ({ SecretId }: Named) => describe(secrets.get(SecretId, true)),
    ListSecrets: () => ({ SecretList: secrets.list().filter(({ deletedAt }) => deletedAt === undefined).map(describe) }),
    ListSecretVersionIds({ SecretId, IncludeDeprecated = false }: Named & { IncludeDeprecated?: boolean }) {
      const secret = secrets.get(SecretId);
      const Versions = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0).map(({ id, stages, createdAt }) => ({ VersionId: id, VersionStages: stages, CreatedDate: new Date(createdAt) }));
      return { ...named(secret), Versions };
    },
    DeleteSecret({ SecretId, ForceDeleteWithoutRecovery = false, RecoveryWindowInDays = defaultWindowDays }: Named & { ForceDeleteWithoutRecovery?: boolean; RecoveryWindowInDays?: number }) {
      const secret = secrets.get(SecretId, true);
      if (ForceDeleteWithoutRecovery) secrets.remove(secret.name);
      else secrets.put({ ...secret, deletedAt: now() });
      return { ...named(secret), DeletionDate: new Date(context.clock.now().getTime() + (ForceDeleteWithoutRecovery ? 0 : RecoveryWindowInDays) * 86_400_000) };
    },
    RestoreSecret({ SecretId }: Named) {
      const { deletedAt: _, ...secret } = secrets.get(SecretId, true);
      return named(secrets.put(secret));
    },
    RotateSecret({ SecretId, ClientRequestToken, RotationLambdaARN, RotationRules, RotateImmediately = true }: Named & Settings & { RotationLambdaARN?: string; RotationRules?: RotationRecord['rules']; RotateImmediately?: boolean }) {
      const standing = secrets.get(SecretId);
      const functionArn = RotationLambdaARN ?? standing.rotation?.functionArn;
      if (functionArn === undefined) throw new AwsError('InvalidRequestException', 'No Lambda rotation function ARN is associated with this secret.');
      const secret = secrets.put({ ...standing, rotation: { functionArn, rules: RotationRules ?? standing.rotation?.rules ?? {} } });
      rotations.schedule(secret);
      return { ...named(secret), ...(RotateImmediately && { VersionId: rotations.start(secret.name, ClientRequestToken) }) };
    },
    CancelRotateSecret({ SecretId }: Named) {
      const { rotation: _, ...secret } = secrets.get(SecretId);
      rotations.schedule(secrets.put(secret));
      return named(secret);
    },
    GetRandomPassword: (input: PasswordOptions) => ({ RandomPassword: randomPassword(input) }),
  };
}

function valueOf({ SecretString, SecretBinary }: { readonly SecretString?: string | undefined; readonly SecretBinary?: Uint8Array | undefined }): SecretValue {
  return { ...(SecretString !== undefined && { SecretString }), ...(SecretBinary !== undefined && { SecretBinary }) };
}

function settingsOf({ Description, KmsKeyId }: { readonly Description?: string | undefined; readonly KmsKeyId?: string | undefined }): Pick<SecretRecord, 'description' | 'kmsKeyId'> {
  return { ...(Description !== undefined && { description: Description }), ...(KmsKeyId !== undefined && { kmsKeyId: KmsKeyId }) };
}

function named({ arn, name }: SecretRecord): Output {
  return { ARN: arn, Name: name };
}

function describeValue({ id, text, bytes, stages, createdAt }: VersionRecord): Output {
  return { VersionId: id, VersionStages: stages, CreatedDate: new Date(createdAt), ...(text !== undefined && { SecretString: text }), ...(bytes !== undefined && { SecretBinary: Buffer.from(bytes, 'base64') }) };
}

function describe(secret: SecretRecord): Output {
  const { description, kmsKeyId, rotation, createdAt, changedAt, rotatedAt, deletedAt, versions } = secret;
  return {
    ...named(secret),
    ...(description !== undefined && { Description: description }),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    RotationEnabled: rotation !== undefined,
    ...(rotation && { RotationLambdaARN: rotation.functionArn, RotationRules: rotation.rules }),
    CreatedDate: new Date(createdAt),
    LastChangedDate: new Date(changedAt),
    ...(rotatedAt !== undefined && { LastRotatedDate: new Date(rotatedAt) }),
    ...(deletedAt !== undefined && { DeletedDate: new Date(deletedAt) }),
    VersionIdsToStages: Object.fromEntries(versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages])),
  };
}
