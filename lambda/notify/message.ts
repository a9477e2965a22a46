import { gateSentence } from '../../model/evaluation/gate-sentence.ts';
import { reasonOf } from '../shared/reason.ts';
import { executionLink, figure, type Message, regionOf, subject } from '../shared/message.ts';
import type { Failure, Success, Superseded } from './payload.ts';

/** Where the run and its reports are. */
export interface RunContext {
  readonly pipeline: string;
  readonly run: string;
  readonly executionArn: string;
  /** The S3 URI of the folder of the run's reports, ending in `/`. */
  readonly reports: string;
}

/** The message for a model that is served. */
export function successMessage(context: RunContext, success: Success): Message {
  const gates = success.gates.map((gate) => `  ${gateSentence(gate)}`);
  const metrics = Object.entries(success.metrics).map(([name, value]) => `  ${name} ${value === null ? 'not defined' : figure(value)}`);
  const data = { status: 'DEPLOYED', pipeline: context.pipeline, run: context.run, modelPackageArn: success.modelPackageArn, modelVersion: success.modelVersion, metrics: success.metrics };
  return {
    subject: subject(`${context.pipeline}: version ${success.modelVersion} is served`),
    text: [
      `Version ${success.modelVersion} of ${success.modelName} passed its gates and is served.`,
      '',
      ...(gates.length === 0 ? [] : ['Gates', ...gates, '']),
      'Metrics on the held-out test rows', ...metrics, '',
      ...approvedBy(success),
      `Rows           ${String(success.rows)}`,
      `Trainer        ${success.trainer}`,
      `Model package  ${success.modelPackageArn}`,
      `SHA-256        ${success.sha256}`,
      `Endpoint       ${success.endpointUrl}`,
      `Report         ${success.report}`,
      `Run            ${executionLink(context.executionArn)}`,
      '',
      JSON.stringify(data),
    ].join('\n'),
    attributes: { status: 'DEPLOYED', pipeline: context.pipeline, executionArn: context.executionArn },
  };
}

function approvedBy({ approval }: Success): string[] {
  if (approval === undefined) return [];
  return [`Approved       by ${approval.by ?? 'somebody whom SageMaker does not name'} at ${approval.at}${approval.reason === null ? '' : `: ${approval.reason}`}`];
}

/** The message for a version that a higher one has overtaken. */
export function supersededMessage(context: RunContext, { modelName, modelVersion, modelPackageArn, servedVersion }: Superseded): Message {
  const data = { status: 'SUPERSEDED', pipeline: context.pipeline, run: context.run, modelPackageArn, modelVersion, servedVersion };
  return {
    subject: subject(`${context.pipeline}: version ${modelVersion} is superseded by version ${servedVersion}`),
    text: [
      `Version ${modelVersion} of ${modelName} is approved, but so is version ${servedVersion}, which production serves. Nothing is to be done.`,
      '',
      `Should version ${servedVersion} be rejected, production serves the highest approved version that is left.`,
      '',
      `Model package  ${modelPackageArn}`,
      `Reports        ${context.reports}`,
      `Run            ${executionLink(context.executionArn)}`,
      '',
      JSON.stringify(data),
    ].join('\n'),
    attributes: { status: 'SUPERSEDED', pipeline: context.pipeline, executionArn: context.executionArn },
  };
}

/** The message for a run that failed, with how to go on. */
export function failureMessage(context: RunContext, failure: Failure): Message {
  const reason = reasonOf(failure);
  const data = { status: 'FAILED', pipeline: context.pipeline, run: context.run, executionArn: context.executionArn, state: failure.state, error: failure.error };
  return {
    // A bucket's name would take half of what a subject may hold.
    subject: subject(`${context.pipeline}: ${failure.error}: ${reason.replace(/^s3:\/\/[^/]+\//, '')}`),
    text: [
      `The run ${context.run} of ${context.pipeline} failed in ${failure.state}: ${failure.error}.`,
      '',
      reason,
      '',
      advice(failure),
      '',
      `Reports  ${context.reports}`,
      `Run      ${executionLink(context.executionArn)}`,
      '',
      ...(redriveHelps(failure.error)
        ? [
            'Once the reason is gone, go on at the state that failed:',
            `  aws stepfunctions redrive-execution --execution-arn ${context.executionArn} --region ${regionOf(context.executionArn)}`,
            '',
          ]
        : []),
      JSON.stringify(data),
    ].join('\n'),
    attributes: { status: 'FAILED', pipeline: context.pipeline, executionArn: context.executionArn, state: failure.state, error: failure.error },
  };
}

/** What stays as it was in a redriven execution: its name, the jobs that it started, the pinned versions of its data, and its checks and gates. */
const staysInRedrive: ReadonlySet<string> = new Set(['InvalidRunName', 'TrainingStopped', 'DataRejected', 'GateNotMet']);

function redriveHelps(error: string): boolean {
  return !staysInRedrive.has(error);
}

function advice({ error }: Failure): string {
  if (error === 'RolledBack') return 'The version was taken back, and what was served before is served again. Mend the cause and redrive the run: the version is then deployed anew.';
  switch (error) {
    case 'InvalidRunName': return 'Nothing was trained. Start a new execution under another name, or let the start function name it.';
    case 'TrainingStopped': return 'Nothing was registered, and what was served is served still. Unless the job was stopped by hand, give it more time (maxTrainingTime) or a larger instance; then upload the file again.';
    case 'DataRejected': return 'Nothing was trained. constraint_violations.json among the reports lists every reason; correct the file and upload it again: that is a new run. A redrive would read the same versions again.';
    case 'DataTooLarge': return "Nothing was trained. Raise the pipeline's bound on the data, which sizes its functions, or upload less.";
    case 'GateNotMet': return 'Nothing was registered, and what was served is served still. report.html among the reports shows how the model did. Better data, or gates deployed anew, make a new run.';
    case 'ApprovalRejected': return 'Production serves what it served before. Should the version be approved after all, production serves it.';
    case 'ApprovalTimedOut': return 'Production serves what it served before. The version can still be approved (slipway approve VERSION): production then serves it. Or redrive the run, and people are asked again.';
    case 'DeploymentInProgress': return 'What is being deployed goes on. Redrive the run once it has ended.';
    case 'NotApproved': return 'Production serves the highest approved version.';
    default: return 'What was served before is served still, unless the failure came after the deployment.';
  }
}
