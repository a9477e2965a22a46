import { Lazy } from 'aws-cdk-lib';
import type { IResolvable } from 'aws-cdk-lib';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The tags of the state machine and those of jobs alone, as a training job takes them: read when every `Tags.of(..)` has been heard. */
export function jobTags(stateMachine: () => CfnStateMachine, pipelineName: string, own: { readonly [key: string]: string } = {}): IResolvable {
  return Lazy.any({
    produce: () =>
      Object.entries({ ...stateMachine().tags.tagValues(), ...own, 'slipway:pipeline': pipelineName }).map(([Key, Value]) => ({ Key, Value })),
  });
}
