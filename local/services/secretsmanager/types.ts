/** One value of a secret. */
export interface VersionRecord {
  readonly id: string;
  /** Its text, or its bytes in base64. */
  readonly text?: string;
  readonly bytes?: string;
  /** Such as AWSCURRENT; one without any is deprecated. */
  readonly stages: readonly string[];
  /** ISO time. */
  readonly createdAt: string;
}

/** How a secret is rotated. */
export interface RotationRecord {
  readonly functionArn: string;
  readonly rules: { readonly AutomaticallyAfterDays?: number; readonly ScheduleExpression?: string; readonly Duration?: string };
}

/** A secret with its values, as the store keeps it. */
export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  /** The oldest first. */
  readonly versions: readonly VersionRecord[];
  readonly rotation?: RotationRecord;
  /** ISO times. */
  readonly createdAt: string;
  readonly changedAt: string;
  readonly rotatedAt?: string;
  readonly deletedAt?: string;
}

/** The stages that Secrets Manager knows itself. */
export const stages = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS', pending: 'AWSPENDING' } as const;
