import type { State } from './asl.ts';
import { snsRetries } from './retries.ts';

/** The reason in words; what failed and was not taken back has its own. */
export const rolloutReason = "[$rollout.reason, $failure.cause][0]";

/** The state that tells people that a version was taken back. */
export function tellTeam(partition: string, topicArn: string, targetName: string): State {
  return {
    Type: 'Task',
    Comment: 'Tells the team that a version was taken back, and why.',
    Resource: `arn:${partition}:states:::sns:publish`,
    Arguments: {
      TopicArn: topicArn,
      // SNS takes 100 characters.
      Subject: `{% $substring('${targetName}: version ' & [$rollout.model.modelVersion, '?'][0] & ($rollout.status = 'ROLLED_BACK' ? ' was rolled back' : ' failed'), 0, 100) %}`,
      Message:
        `{% 'Version ' & [$rollout.model.modelVersion, '?'][0] & ' of the target ${targetName} ' & ($rollout.status = 'ROLLED_BACK' ? 'was taken back. Version ' & $rollout.servedVersion & ' serves all requests.' : 'could not be deployed, and nothing was there to go back to.') ` +
        `& '\\n\\n' & ${rolloutReason} & '\\n\\nRollout  ' & $states.context.Execution.Id & '\\n\\n' & $string({'status': $rollout.status, 'target': '${targetName}', 'rollout': $rollout.id, 'model': $rollout.model, 'servedVersion': $rollout.servedVersion}) %}`,
      MessageAttributes: {
        status: { DataType: 'String', StringValue: '{% $rollout.status %}' },
        target: { DataType: 'String', StringValue: targetName },
      },
    },
    TimeoutSeconds: 60,
    Retry: snsRetries,
    // Told or not, the run ends with the reason.
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'RolledBack' }],
    Next: 'RolledBack',
  };
}
