import { executionLink, figure, type Message, objectLink, regionOf, subject } from '../shared/message.ts';
import { parseS3Uri } from '../shared/s3-uri.ts';
import type { ApprovalQuestion } from './payload.ts';

/** Asks people to decide on a version: what it reached, where its report is, and how to say yes or no. @param expiresAt ISO. */
export function requestMessage(pipeline: string, { model, run, evidence }: ApprovalQuestion, expiresAt: string): Message {
  const { modelPackageArn, modelVersion } = model;
  const region = regionOf(modelPackageArn);
  const metrics = Object.entries(evidence.metrics).map(([name, value]) => `  ${name} ${value === null ? 'not defined' : figure(value)}`);
  const decide = (status: string): string =>
    `  aws sagemaker update-model-package --model-package-arn ${modelPackageArn} --model-approval-status ${status} --approval-description "WHY" --region ${region}`;
  const data = { status: 'WAITING_FOR_APPROVAL', pipeline, run: run.name, modelPackageArn, modelVersion, metrics: evidence.metrics, expiresAt };
  return {
    subject: subject(`${pipeline}: version ${modelVersion} waits for approval`),
    text: [
      `Version ${modelVersion} of ${model.modelName} passed its gates and its test on staging. Shall it serve production?`,
      '',
      evidence.summary,
      '',
      'Metrics on the held-out test rows', ...metrics, '',
      `Report         ${evidence.report}`,
      `               ${objectLink(modelPackageArn, parseS3Uri(evidence.report))}`,
      `Model package  ${modelPackageArn}`,
      `SHA-256        ${model.artifact.sha256}`,
      `Run            ${executionLink(run.executionArn)}`,
      `Decide until   ${expiresAt}`,
      '',
      'Decide with Slipway (on AWS add --aws; where several apps share an account, give the ARN in place of the number), in the registry of SageMaker Studio, or with the AWS CLI:',
      `  slipway approve ${modelVersion} --reason "WHY"`,
      `  slipway reject ${modelVersion} --reason "WHY"`,
      decide('Approved'),
      decide('Rejected'),
      '',
      JSON.stringify(data),
    ].join('\n'),
    attributes: { status: 'WAITING_FOR_APPROVAL', pipeline, executionArn: run.executionArn },
  };
}
