import { PipelineLayout } from '../model/spec/layout.ts';
import type { AslValue, StateMachineDefinition } from './private/asl.ts';
import { dataBranch } from './private/data-branch.ts';
import type { FeatureStoreUpdate } from './private/data-branch.ts';
import { catchAll, failingStates, redriveCount, resumeAt } from './private/failures.ts';
import { lambdaTask } from './private/lambda-task.ts';
import type { InvokedFunction } from './private/lambda-task.ts';
import { firstReleaseState, releaseStates } from './private/release.ts';
import type { ReleaseProps } from './private/release.ts';
import { lambdaServiceRetries } from './private/retries.ts';
import { rolloutMarginSeconds, rolloutTask, wasRedriven } from './private/rollout-task.ts';
import type { TargetRollout } from './private/rollout-task.ts';
import { firstInstance, trainingStates, trainingVariable } from './private/training-job.ts';
import type { TrainingJob } from './private/training-job-definition.ts';
import { tuningStates } from './private/tuning-job.ts';
import type { TuningJob } from './private/tuning-job.ts';

export type { AslValue, StateMachineDefinition } from './private/asl.ts';
export type { FeatureStoreUpdate } from './private/data-branch.ts';
export type { InvokedFunction } from './private/lambda-task.ts';
export type { ReleaseProps } from './private/release.ts';
export type { TargetRollout } from './private/rollout-task.ts';
export type { TrainingInstances, TrainingJob } from './private/training-job-definition.ts';
export type { TuningJob } from './private/tuning-job.ts';

/** The functions behind the states of the training pipeline. */
export interface TrainingPipelineFunctions {
  readonly validateData: InvokedFunction;
  readonly prepareData: InvokedFunction;
  readonly convertModel: InvokedFunction;
  readonly validateModel: InvokedFunction;
  readonly registerModel: InvokedFunction;
  readonly notify: InvokedFunction;
}

/** What the training pipeline is made of. */
export interface TrainingPipelineDefinitionProps {
  /** `aws`, `aws-cn`, .. */
  readonly partition: string;
  readonly pipelineName: string;
  readonly artifactBucket: string;
  readonly functions: TrainingPipelineFunctions;
  readonly training: TrainingJob;
  /** Searches hyperparameters in several of these jobs. @default - one job with the hyperparameters that it has */
  readonly tuning?: TuningJob;
  /** The dataset, the features, the split and the gates as JSON. */
  readonly schema: AslValue;
  readonly features: AslValue;
  readonly split: AslValue;
  readonly gates: AslValue;
  /** The columns by whose values the model is measured; absent, the usual ones. */
  readonly sliceColumns?: AslValue;
  /** The base URL of the prediction API that serves the model on staging, which is the only one where there is no `release`. */
  readonly endpointUrl: string;
  /** Brings the version to staging. */
  readonly rollout: TargetRollout;
  /** How a model that was tested on staging gets to production. @default - there is no production */
  readonly release?: ReleaseProps;
  /** What the data is checked by, each check with its level and bound. */
  readonly checks: AslValue;
  /** The most that the data may come to. */
  readonly maximumBytes: number;
  /** The feature group that is kept up to date. @default - none */
  readonly featureStore?: FeatureStoreUpdate;
  /** What is said of each model that is registered: `{card, revision?, serving?}`. */
  readonly registration: AslValue;
  /** How long a whole run may take, besides the time in which it waits for an approval. */
  readonly timeoutSeconds: number;
}

/**
 * The training pipeline: from a file of training data to a served model.
 *
 * Its input is `{"dataset": {"bucket", "key", "versionId"?}, "trigger"?: "event" | "schedule" | "manual"}`.
 * Each state keeps what later states need in a variable, so that a redriven run can go on at the state that failed.
 */
export function trainingPipeline(pipeline: TrainingPipelineDefinitionProps): StateMachineDefinition {
  const { partition, pipelineName, artifactBucket, functions, release } = pipeline;

  const run = {
    name: '{% $states.context.Execution.Name %}',
    executionArn: '{% $states.context.Execution.Id %}',
    startedAt: '{% $states.context.Execution.StartTime %}',
  };
  const runFolder = `s3://${artifactBucket}/${new PipelineLayout(pipelineName).intermediates}' & $states.context.Execution.Name & '`;
  const catchFrom = (state: string) => catchAll(state, 'NotifyFailure');

  const name = { modelPackageArn: '{% $model.modelPackageArn %}', modelName: '{% $model.modelName %}', modelVersion: '{% $model.modelVersion %}' };
  const outcome = {
    rows: '{% $validation.rows %}',
    split: '{% $prepared.split %}',
    trainer: '{% $conversion.trainer %}',
    task: '{% $conversion.task %}',
    metrics: '{% $evaluation.metrics %}',
    gates: '{% $evaluation.gates %}',
    ...name,
    sha256: '{% $model.sha256 %}',
    endpointUrl: release?.endpointUrl ?? pipeline.endpointUrl,
    smokeTest: release === undefined ? '{% $staging.smokeTest %}' : '{% $production.smokeTest %}',
    ...(release?.approval === undefined ? {} : { approval: '{% $approval %}' }),
    evaluation: '{% $evaluation.evaluation %}',
    report: '{% $evaluation.report %}',
  };
  const approvalStatus = release?.approval === undefined ? 'Approved' : 'PendingManualApproval';
  const model = {
    ...name,
    artifact: '{% $conversion.artifact %}',
    approval: approvalStatus,
    metrics: '{% $evaluation.metrics %}',
  };

  const training = {
    folders: {
      train: '{% $prepared.train %}',
      validation: '{% $prepared.validation %}',
      output: `{% '${runFolder}/training' %}`,
      checkpoints: `{% '${runFolder}/checkpoints' %}`,
    },
    // Texts, as every hyperparameter.
    classes: '{% $string($prepared.classes) %}',
    next: 'ConvertModel',
  };

  const machine: StateMachineDefinition = {
    Comment: `Training pipeline ${pipelineName}: validates the data, trains a model, and serves it if it passes its gates.`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: pipeline.timeoutSeconds + (release?.approval?.timeoutSeconds ?? 0) + rolloutSeconds(pipeline),
    StartAt: 'ValidateData',
    States: {
      ValidateData: lambdaTask(partition, functions.validateData, {
        comment: 'Profiles the training data, compares it with the declared schema and with the baseline, and refuses bad data with every reason.',
        payload: {
          run,
          // From the run's own input and not the state's: after a redrive the state's input is another one.
          dataset: '{% $states.context.Execution.Input.dataset %}',
          schema: pipeline.schema,
          checks: pipeline.checks,
          maximumBytes: pipeline.maximumBytes,
        },
        assign: { validation: '{% $states.result.Payload %}' },
        output: { rows: '{% $states.result.Payload.rows %}', warnings: '{% $states.result.Payload.warnings %}' },
        catch: catchFrom('ValidateData'),
        next: 'PrepareData',
      }),

      PrepareData: lambdaTask(partition, functions.prepareData, {
        comment: 'Shares the rows out between training, validation and test as the split says, and turns columns into features; what is learned comes from the training rows alone.',
        payload: {
          run,
          dataset: '{% $validation.dataset %}',
          schema: pipeline.schema,
          features: pipeline.features,
          split: pipeline.split,
          training: { contentType: pipeline.training.contentType, parts: pipeline.training.sharded === true ? pipeline.training.instanceCount : 1 },
        },
        assign: { prepared: '{% $states.result.Payload %}', ...firstInstance(pipeline.training) },
        output: { rows: '{% $states.result.Payload.rows %}', split: '{% $states.result.Payload.split %}' },
        catch: catchFrom('PrepareData'),
        next: pipeline.tuning === undefined ? 'TrainModel' : 'TuneModel',
      }),

      ...(pipeline.tuning === undefined
        ? trainingStates(partition, pipeline.training, {
            ...training,
            state: 'TrainModel',
            comment: 'Trains the model in a SageMaker training job and waits for its end.',
            assign: { training: trainingVariable(pipeline.training) },
            output: { trainingJob: '{% $states.result.TrainingJobName %}', status: '{% $states.result.TrainingJobStatus %}' },
            onFailure: 'NotifyFailure',
          })
        : tuningStates(partition, pipeline.training, pipeline.tuning, { ...training, onFailure: 'NotifyFailure' })),

      ConvertModel: lambdaTask(partition, functions.convertModel, {
        comment: 'Converts the trained model to ONNX with its feature encodings in front, and proves on test rows that both predict the same.',
        payload: {
          run,
          modelData: '{% $training.modelData %}',
          features: '{% $prepared.features %}',
          label: '{% $prepared.label %}',
          test: '{% $prepared.test %}',
          schema: pipeline.schema,
          declared: pipeline.registration,
          trainingJob: '{% $training.job %}',
        },
        assign: { conversion: '{% $states.result.Payload %}' },
        catch: catchFrom('ConvertModel'),
        next: 'ValidateModel',
      }),

      ValidateModel: lambdaTask(partition, functions.validateModel, {
        comment: 'Measures the model on the held-out test rows, judges it by the gates, and writes the evaluation and a report page.',
        payload: {
          run,
          artifact: '{% $conversion.artifact %}',
          test: '{% $prepared.test %}',
          gates: pipeline.gates,
          ...(pipeline.sliceColumns === undefined ? {} : { sliceColumns: pipeline.sliceColumns }),
          fileRows: '{% $validation.rows %}',
          rows: '{% $prepared.rows %}',
          split: '{% $prepared.split %}',
          splitSpec: pipeline.split,
          statistics: '{% $validation.statistics %}',
          dataset: '{% $validation.dataset %}',
          trainer: '{% $conversion.trainer %}',
          trainingJob: '{% $training.job %}',
          warnings: '{% $validation.warnings %}',
        },
        assign: { evaluation: '{% $states.result.Payload %}' },
        catch: catchFrom('ValidateModel'),
        next: 'CheckPerformance',
      }),

      CheckPerformance: {
        Type: 'Choice',
        Comment: 'Goes on only with a model that passed every gate; otherwise nothing is registered.',
        Choices: [{ Condition: '{% $evaluation.passed %}', Next: 'RegisterModel' }],
        Assign: { failure: { state: 'CheckPerformance', error: 'GateNotMet', cause: '{% $evaluation.summary %}', redriveCount } },
        Default: 'NotifyFailure',
      },

      RegisterModel: lambdaTask(partition, functions.registerModel, {
        comment: 'Adds the model to the registry as a new version, with its digest, its metrics and where it came from.',
        payload: {
          run,
          approvalStatus,
          artifact: '{% $conversion.artifact %}',
          trainer: '{% $conversion.trainer %}',
          task: '{% $conversion.task %}',
          classes: '{% $prepared.classes %}',
          evaluation: '{% $evaluation %}',
          dataset: '{% $validation.dataset %}',
          fileRows: '{% $validation.rows %}',
          rows: '{% $prepared.rows %}',
          features: pipeline.features,
          split: '{% $prepared.split %}',
          statistics: '{% $validation.statistics %}',
          constraints: '{% $validation.constraints %}',
          trainingJob: '{% $training.job %}',
          declared: pipeline.registration,
        },
        assign: { model: '{% $states.result.Payload %}' },
        catch: catchFrom('RegisterModel'),
        next: 'DeployModel',
      }),

      DeployModel: {
        Type: 'Parallel',
        Comment: 'Makes the new version the served one, and brings what is kept of its data up to date.',
        Branches: [
          {
            StartAt: 'DeployToStaging',
            States: {
              DeployToStaging: rolloutTask(partition, pipeline.rollout, {
                comment: 'Writes the deployment record, tries the version out, moves traffic to it step by step, and takes it back where it fails.',
                input: { action: 'deploy', model, sample: '{% $prepared.sample %}', again: wasRedriven },
              }),
            },
          },
          dataBranch({ partition, pipelineName, artifactBucket, run, schema: pipeline.schema, ...(pipeline.featureStore === undefined ? {} : { featureStore: pipeline.featureStore }) }),
        ],
        Catch: catchFrom('DeployModel'),
        Assign: { staging: '{% $states.result[0] %}' },
        Next: 'CheckStaging',
      },

      CheckStaging: {
        Type: 'Choice',
        Comment: 'Ends the run where another deployment took the place of this one; that is no failure.',
        Choices: [{ Condition: "{% $staging.status = 'SUPERSEDED' %}", Assign: { servedVersion: '{% $staging.servedVersion %}' }, Next: 'NotifySuperseded' }],
        Default: release === undefined ? 'NotifySuccess' : firstReleaseState(release),
      },

      ...(release === undefined ? {} : releaseStates(release, { partition, run, model })),

      NotifySuperseded: lambdaTask(partition, functions.notify, {
        comment: 'Tells the team that another version is served, so that this one is not.',
        payload: { kind: 'superseded', run, ...name, servedVersion: '{% $servedVersion %}' },
        output: { status: 'SUPERSEDED', ...name, servedVersion: '{% $servedVersion %}', metrics: '{% $evaluation.metrics %}', report: '{% $evaluation.report %}' },
        catch: catchFrom('NotifySuperseded'),
      }),

      NotifySuccess: lambdaTask(partition, functions.notify, {
        comment: 'Tells the team that the new version is served, with its metrics and its report.',
        payload: { kind: 'success', run, ...outcome },
        output: { status: 'DEPLOYED', ...outcome },
        catch: catchFrom('NotifySuccess'),
      }),

      NotifyFailure: lambdaTask(partition, functions.notify, {
        comment: 'Tells the team once what failed and why, then fails the run with that very reason. When the run is redriven, it says where to go on instead.',
        // Whether it was redriven, the function asks Step Functions: a redriven task may get the arguments of its first time.
        payload: { kind: 'failure', run, failure: '{% $failure %}' },
        // Not the functions' own errors: this one throws the failure's, under its name.
        retry: lambdaServiceRetries,
        assign: { resumeAt: '{% $states.result.Payload.resume %}' },
        next: 'ResumeAfterRedrive',
      }),
    },
  };
  // Every state that NotifyFailure may name as the one to go on at.
  const resumable = failingStates(machine.States);
  return { ...machine, States: { ...machine.States, ResumeAfterRedrive: resumeAt(resumable, 'After a redrive: goes back to the state that failed.') } };
}

/** The time in which a run waits for its rollouts. */
function rolloutSeconds({ rollout, release }: TrainingPipelineDefinitionProps): number {
  const plans = [rollout, ...(release === undefined ? [] : [release.rollout])];
  return plans.reduce((seconds, { planSeconds }) => seconds + (planSeconds === 0 ? 0 : planSeconds + rolloutMarginSeconds), 0);
}
