import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { Split } from '../../../model/spec/split.ts';
import { trainingPipeline } from '../../../stepfunctions/training-pipeline.ts';
import type { AslValue, InvokedFunction, ReleaseProps, StateMachineDefinition, TargetRollout, TuningJob } from '../../../stepfunctions/training-pipeline.ts';
import type { HandlerFunction } from '../../private/handler-function.ts';
import type { FeatureGroup } from '../../registry/feature-group.ts';
import type { IServingTarget } from '../../serving/serving-target.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { PipelineFunctions } from './functions.ts';
import { renderFeatureStore } from './render-feature-store.ts';
import { renderRegistration } from './render-registration.ts';
import type { ReleaseFunctions } from './release-functions.ts';
import { renderTraining } from './render-training.ts';
import type { TrainingParts } from './render-training.ts';

/** What a pipeline's definition is rendered from. */
export interface DefinitionParts extends TrainingParts {
  readonly functions: PipelineFunctions;
  /** Undefined where there is no production. */
  readonly release: ReleaseFunctions | undefined;
  readonly featureGroup?: FeatureGroup;
  readonly tuning?: TuningJob | undefined;
}

/** The definition of a pipeline's state machine, with its defaults filled in. */
export function renderDefinition(scope: Construct, parts: DefinitionParts): StateMachineDefinition {
  const { props, functions, pipelineName } = parts;
  return trainingPipeline({
    partition: Stack.of(scope).partition,
    pipelineName,
    artifactBucket: props.platform.artifactBucket.bucketName,
    endpointUrl: props.target.url,
    rollout: rolloutOf(props.target),
    functions: {
      validateData: invoked(functions.validateData),
      prepareData: invoked(functions.prepareData),
      convertModel: invoked(functions.convertModel),
      validateModel: invoked(functions.validateModel),
      registerModel: invoked(functions.registerModel),
      notify: invoked(functions.notify),
    },
    ...renderRelease(parts),
    training: renderTraining(parts),
    ...(parts.tuning === undefined ? {} : { tuning: parts.tuning }),
    schema: json(props.dataset),
    features: json(props.features),
    split: json(props.split ?? Split.byRowHash()),
    gates: json(props.gates ?? []),
    ...(props.sliceColumns === undefined ? {} : { sliceColumns: props.sliceColumns }),
    checks: json(resolveChecks((props.checks ?? []).map((check) => check.toJSON()))),
    maximumBytes: (props.maximumDataSize ?? pipelineDefaults.maximumDataSize).toBytes(),
    ...renderFeatureStore(props, functions.updateFeatureStore, parts.featureGroup),
    registration: renderRegistration(scope, props),
    timeoutSeconds: (props.timeout ?? pipelineDefaults.timeout).toSeconds(),
  });
}

function renderRelease({ props, release }: DefinitionParts): { readonly release?: ReleaseProps } {
  if (release === undefined || props.productionTarget === undefined) return {};
  const { requestApproval } = release;
  const timeoutSeconds = props.approval?.timeout?.toSeconds();
  return {
    release: {
      endpointUrl: props.productionTarget.url,
      ...(requestApproval === undefined || timeoutSeconds === undefined ? {} : { approval: { requestApproval: invoked(requestApproval), timeoutSeconds } }),
      releaseModel: invoked(release.releaseModel),
      rollout: rolloutOf(props.productionTarget),
    },
  };
}

const rolloutOf = ({ rollout }: IServingTarget): TargetRollout => ({ stateMachineArn: rollout.stateMachine.stateMachineArn, planSeconds: rollout.plan.seconds });

const invoked = (handler: HandlerFunction): InvokedFunction => ({
  functionArn: handler.function.functionArn,
  timeoutSeconds: handler.timeout.toSeconds(),
});

/** A declaration as the JSON that its `toJSON` gives. */
function json(declaration: unknown): AslValue {
  return JSON.parse(JSON.stringify(declaration)) as AslValue;
}
