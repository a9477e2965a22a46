import { Lazy } from 'aws-cdk-lib';
import type { IResolvable } from 'aws-cdk-lib';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';

/** SageMaker's bound on the tags of a job. */
const mostTags = 50;

/** The tags of the state machine and those of jobs alone, as a training job takes them: read when every `Tags.of(..)` has been heard. */
export function jobTags(stateMachine: () => CfnStateMachine, pipelineName: string, own: { readonly [key: string]: string } = {}): IResolvable {
  return Lazy.any({
    produce: () => Object.entries(tagsOf(stateMachine(), pipelineName, own)).map(([Key, Value]) => ({ Key, Value })),
  });
}

/** Refuses, at the end of synth, more tags than a job may have. */
export function checkJobTags(scope: IConstruct, stateMachine: CfnStateMachine, pipelineName: string, own: { readonly [key: string]: string } = {}): void {
  scope.node.addValidation({
    validate: () => {
      const count = Object.keys(tagsOf(stateMachine, pipelineName, own)).length;
      if (count <= mostTags) return [];
      return [`training jobs have ${String(count)} tags (trainingTags, those of the state machine, and slipway:pipeline), expected at most ${String(mostTags)}: SageMaker would refuse every job.`];
    },
  });
}

function tagsOf(stateMachine: CfnStateMachine, pipelineName: string, own: { readonly [key: string]: string }): Record<string, string> {
  return { ...stateMachine.tags.tagValues(), ...own, 'slipway:pipeline': pipelineName };
}
