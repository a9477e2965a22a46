import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The memory that a function of a new account may have, in MiB, until its owner asks AWS for more. */
export const newAccountMemoryMiB = 3008;

/**
 * Warns where functions need more memory than a new account may give them: CloudFormation would tell it in the middle of a deployment.
 * @param cause what asks for so much and how to ask for less, a sentence.
 */
export function warnAboveMemoryQuota(construct: IConstruct, memorySizeMiB: number, cause: string): void {
  if (Token.isUnresolved(memorySizeMiB) || memorySizeMiB <= newAccountMemoryMiB) return;
  Annotations.of(construct).addWarningV2(
    'slipway:lambdaMemoryQuota',
    `A Lambda function here has ${String(memorySizeMiB)} MiB of memory, and a new AWS account allows ${String(newAccountMemoryMiB)} MB: there the deployment fails with ` +
      `"'MemorySize' value failed to satisfy constraint". ${cause} AWS raises the quota as the account is used, or when you ask AWS Support (service Lambda, memory of a function). ` +
      "Where the account allows more already, acknowledge this: Annotations.of(construct).acknowledgeWarning('slipway:lambdaMemoryQuota').",
  );
}
