import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { once } from '../shared/claim.ts';
import { RunLayout } from '../shared/layout.ts';
import { putJson } from '../shared/objects.ts';
import { publish } from '../shared/publish.ts';
import { readEnv } from '../shared/read-env.ts';
import { innermost, reasonOf } from '../shared/reason.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { type NotifyEnv, notifyEnv } from './env.ts';
import { failureMessage, type RunContext, successMessage, supersededMessage } from './message.ts';
import { type Failure, notifySchema, type NotifyResult } from './payload.ts';
import { originalError } from './original-error.ts';
import { redrivenSince } from './redriven.ts';

const env: NotifyEnv = readEnv(notifyEnv);

/** Tells people how a run ended; a failed run it then fails with the error that it was told of. */
export const handler = task('notify', notifySchema, async (notification, { logger, metrics }): Promise<NotifyResult> => {
  if ('detail' in notification) {
    const { executionArn, name, status, error, cause, redriveCount } = notification.detail;
    logger.appendKeys({ run: name, executionArn });
    const failure = { state: 'the execution', error: error ?? status, cause: cause ?? statusReason(status), redriveCount: redriveCount ?? 0 };
    return { sent: await notifyFailure(name, executionArn, failure) };
  }
  const { run } = notification;
  if (notification.kind === 'success') {
    const claim = layout(run.name).report('notified-success.json');
    const sent = await once(claim, () => publish(env.TOPIC_ARN, successMessage(context(run.name, run.executionArn), notification)));
    if (sent) metrics.addMetric('RunsSucceeded', MetricUnit.Count, 1);
    return { sent };
  }
  if (notification.kind === 'superseded') {
    return { sent: await once(layout(run.name).report('notified-superseded.json'), () => publish(env.TOPIC_ARN, supersededMessage(context(run.name, run.executionArn), notification))) };
  }
  // Of a rollout that failed, its own error: the run only waited for it.
  const failure = { ...notification.failure, ...innermost(notification.failure) };
  try {
    if (await redrivenSince(failure, run.executionArn)) {
      logger.info('The run was redriven: it goes on', { state: failure.state });
      return { resume: failure.state };
    }
  } catch (error) {
    // The run still ends with its own reason: told once, and to be redriven again.
    logger.error('Whether the run was redriven could not be asked: it fails as before', { error });
  }
  try {
    if (await notifyFailure(run.name, run.executionArn, failure)) metrics.addMetric('RunsFailed', MetricUnit.Count, 1);
  } catch (error) {
    // The run still ends with its own reason. The event on its status follows, finds the message unsent, and tries again.
    logger.error('The failure could not be told', { error });
    metrics.addMetric('NotificationsFailed', MetricUnit.Count, 1);
  }
  throw originalError(failure);
});

async function notifyFailure(run: string, executionArn: string, failure: Failure): Promise<boolean> {
  const claim = layout(run).report(`notified-${String(failure.redriveCount)}.json`);
  return once(claim, async () => {
    await putJson(layout(run).report('failure.json'), { run, executionArn, ...failure, reason: reasonOf(failure), at: new Date().toISOString() });
    await publish(env.TOPIC_ARN, failureMessage(context(run, executionArn), failure));
  });
}

function statusReason(status: string): string {
  switch (status) {
    case 'TIMED_OUT': return 'The run took longer than the state machine allows.';
    case 'ABORTED': return 'The run was stopped by hand.';
    default: return `The run ended as ${status} without a cause.`;
  }
}

function layout(run: string): RunLayout {
  return new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run);
}

function context(run: string, executionArn: string): RunContext {
  return { pipeline: env.PIPELINE_NAME, run, executionArn, reports: formatS3Uri(layout(run).report('')) };
}
