import { Names, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PipelineLayout } from '../../model/spec/layout.ts';
import { allow, allowKey } from '../private/permissions.ts';
import { warnAboveMemoryQuota } from '../private/memory-quota.ts';
import { FeatureGroup } from '../registry/feature-group.ts';
import { kebabCase, validate } from '../private/validation.ts';
import { pipelineDefaults } from './defaults.ts';
import { createDeadLetterQueue } from './private/dead-letters.ts';
import { sizeFor } from './private/data-sizing.ts';
import { renderDefinition } from './private/render-definition.ts';
import { allowDescribeExecutions } from './private/describe-executions.ts';
import { PipelineFunctions } from './private/functions.ts';
import { checkJobTags } from './private/job-tags.ts';
import { ReleaseFunctions } from './private/release-functions.ts';
import { trainingKeys } from './private/render-training.ts';
import { createSecurityGroups } from './private/security-groups.ts';
import { createStartFunction } from './private/start-function.ts';
import { allowStates } from './private/state-machine-role.ts';
import { allowTraining, createTrainingRole } from './private/training-role.ts';
import { decideOnPackages, notifyOnEnd, startOnNewObject, startOnSchedule } from './private/triggers.ts';
import { allowListTrials, renderTuning, tuningJobNamePrefix, withoutSearched } from './private/tuning-job.ts';
import { validateDefinition } from './private/validate-definition.ts';
import { validatePipeline } from './private/validate-props.ts';
import { validateHyperParameters } from './private/validate-training-texts.ts';
import type { TrainingPipelineProps } from './training-pipeline-props.ts';

/** Trains, gates, registers and deploys a model whenever there is new data: a state machine, its functions and what starts it. */
export class TrainingPipeline extends Construct implements IGrantable {
  /** The pipeline's name. */
  readonly pipelineName: string;
  /** The prefix of the pipeline's training data in the data bucket; ends in `/`. */
  readonly dataPrefix: string;
  /** The state machine. */
  readonly stateMachine: StateMachine;
  /** The state machine's role. */
  readonly stateMachineRole: IRole;
  /** The state machine's logs. */
  readonly stateMachineLogGroup: ILogGroup;
  /** The role of the training jobs. */
  readonly trainingRole: IRole;
  /** The security groups of the training jobs; empty where there is no network. */
  readonly securityGroups: ISecurityGroup[];
  /** The function that starts a run. */
  readonly startFunction: LambdaFunction;
  /** The function that profiles the training data. */
  readonly validateDataFunction: LambdaFunction;
  /** The function that splits the data and makes features of it. */
  readonly prepareDataFunction: LambdaFunction;
  /** The function that converts the trained model to ONNX. */
  readonly convertModelFunction: LambdaFunction;
  /** The function that measures the model and judges it by the gates. */
  readonly validateModelFunction: LambdaFunction;
  /** The function that adds the model to the registry. */
  readonly registerModelFunction: LambdaFunction;
  /** The function that brings the feature group up to date; undefined where there is none. */
  readonly updateFeatureStoreFunction?: LambdaFunction;
  /** The feature group; undefined where none is asked for. */
  readonly featureGroup?: FeatureGroup;
  /** The function that asks people for a decision; undefined where `approval` is not manual. */
  readonly requestApprovalFunction?: LambdaFunction;
  /** The function that makes production serve the highest approved version; undefined where there is no `productionTarget`. */
  readonly releaseModelFunction?: LambdaFunction;
  /** The function that carries out what people decide in the registry; undefined where there is no `productionTarget`. */
  readonly decideApprovalFunction?: LambdaFunction;
  /** The function that tells what became of a run. */
  readonly notifyFunction: LambdaFunction;
  /** Events that could not be handled. */
  readonly deadLetterQueue: IQueue;
  /** Starts a run for each new object; undefined where `autoStart` is false. */
  readonly newObjectRule?: Rule;
  /** Starts a run on the newest object; undefined where there is no `schedule`. */
  readonly scheduleRule?: Rule;
  /** Reports runs whose end the state machine itself could not report. */
  readonly runEndedRule: Rule;
  /** Carries out what people decide in the registry; undefined where there is no `productionTarget`. */
  readonly packageDecidedRule?: Rule;
  /** The state machine's role, for grants. */
  readonly grantPrincipal: IPrincipal;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: TrainingPipelineProps) {
    super(scope, id);
    this.pipelineName = props.pipelineName ?? kebabCase(id);
    validate(this, validatePipeline(this.pipelineName, props));
    const { memorySizeMiB } = sizeFor(props.maximumDataSize ?? pipelineDefaults.maximumDataSize);
    warnAboveMemoryQuota(this, memorySizeMiB, `It follows from maximumDataSize; ${String(pipelineDefaults.maximumDataSize.toMebibytes())} MiB of data fit.`);
    const { platform } = props;
    const layout = new PipelineLayout(this.pipelineName);
    this.dataPrefix = layout.raw;
    const jobNamePrefix = `${this.pipelineName.slice(0, 22)}-${this.node.addr.slice(-8)}`;
    const algorithm = withoutSearched(props.algorithm.bind(this, props.dataset), props.tuning);
    const tuning = renderTuning(props, tuningJobNamePrefix(this.pipelineName, this.node.addr));

    validate(this, [validateHyperParameters(algorithm.hyperParameters)]);

    this.deadLetterQueue = props.deadLetterQueue ?? createDeadLetterQueue(this);
    if (props.featureGroup !== undefined) {
      this.featureGroup = new FeatureGroup(this, 'FeatureGroup', { ...props.featureGroup, platform, dataset: props.dataset, offlinePrefix: layout.features });
    }
    const functions = this.createFunctions(props);
    this.validateDataFunction = functions.validateData.function;
    this.prepareDataFunction = functions.prepareData.function;
    this.convertModelFunction = functions.convertModel.function;
    this.validateModelFunction = functions.validateModel.function;
    this.registerModelFunction = functions.registerModel.function;
    if (functions.updateFeatureStore !== undefined) this.updateFeatureStoreFunction = functions.updateFeatureStore.function;
    this.notifyFunction = functions.notify.function;
    const release = this.createRelease(props);
    if (release?.requestApproval !== undefined) this.requestApprovalFunction = release.requestApproval.function;
    if (release !== undefined) {
      this.releaseModelFunction = release.releaseModel.function;
      this.decideApprovalFunction = release.decideApproval.function;
      this.packageDecidedRule = decideOnPackages(this, props.registry.modelPackageGroupName, this.decideApprovalFunction, this.deadLetterQueue);
    }
    this.securityGroups = createSecurityGroups(this, this.pipelineName, props);
    this.trainingRole = props.trainingRole ?? createTrainingRole(this, tuning !== undefined);
    const keys = trainingKeys(props);
    allowTraining(this.trainingRole, {
      platform,
      intermediates: layout.intermediates,
      repositoryArn: algorithm.repositoryArn,
      channels: Object.values(algorithm.channels ?? {}),
      keys,
      secrets: Object.values(props.secrets ?? {}),
      inNetwork: props.vpc !== undefined,
    });
    if (keys.output !== platform.encryptionKey) allowKey(functions.convertModel.role, keys.output, ['kms:Decrypt']);

    this.stateMachineRole =
      props.stateMachineRole ??
      new Role(this, 'StateMachineRole', {
        description: 'Runs the state machine of the pipeline.',
        assumedBy: new ServicePrincipal('states.amazonaws.com'),
      });
    this.grantPrincipal = this.stateMachineRole.grantPrincipal;
    this.stateMachineLogGroup = props.stateMachineLogGroup ?? this.createLogGroup(props);
    const definition = renderDefinition(this, {
      props,
      pipelineName: this.pipelineName,
      functions,
      release,
      ...(this.featureGroup === undefined ? {} : { featureGroup: this.featureGroup }),
      algorithm,
      jobNamePrefix,
      tuning,
      trainingRole: this.trainingRole,
      securityGroups: this.securityGroups,
      stateMachine: () => this.stateMachine.node.defaultChild as CfnStateMachine,
    });
    validate(this, [validateDefinition(definition)]);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      role: this.stateMachineRole,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      logs: { destination: this.stateMachineLogGroup, level: LogLevel.ALL, includeExecutionData: props.logExecutionData ?? pipelineDefaults.logExecutionData },
      tracingEnabled: props.tracing ?? pipelineDefaults.tracing,
    });
    checkJobTags(this, this.stateMachine.node.defaultChild as CfnStateMachine, this.pipelineName, props.trainingTags);
    allowStates(this.stateMachineRole, {
      functionArns: [...functions.inOrder(), ...(release?.inOrder() ?? [])].map((handler) => handler.function.functionArn),
      trainingRole: this.trainingRole,
      jobNamePrefix,
      ...(tuning === undefined ? {} : { tuning }),
      platform,
      baseline: layout.baseline,
      rollouts: [props.target, ...(props.productionTarget === undefined ? [] : [props.productionTarget])].map(({ rollout }) => rollout.stateMachine),
    });

    if (tuning !== undefined) allowListTrials(functions.validateModel.role, tuning);
    allowDescribeExecutions(this, [functions.notify.role, ...(release === undefined ? [] : [release.decideApproval.role])], this.stateMachine);

    this.startFunction = createStartFunction(this, props, this.stateMachine, this.dataPrefix, this.deadLetterQueue);
    if (props.autoStart ?? pipelineDefaults.autoStart) {
      this.newObjectRule = startOnNewObject(this, platform.dataBucket, this.dataPrefix, this.startFunction, this.deadLetterQueue);
    }
    if (props.schedule !== undefined) this.scheduleRule = startOnSchedule(this, props.schedule, this.startFunction, this.deadLetterQueue);
    this.runEndedRule = notifyOnEnd(this, this.stateMachine, functions.notify.function, this.deadLetterQueue);
  }

  /** Lets a principal start a run by hand, through the function that names runs. */
  grantStart(grantee: IGrantable): void {
    allow(grantee, { actions: ['lambda:InvokeFunction'], resources: [this.startFunction.functionArn] });
  }

  private createFunctions(props: TrainingPipelineProps): PipelineFunctions {
    return new PipelineFunctions(this, 'Functions', {
      pipelineName: this.pipelineName,
      dataPrefix: this.dataPrefix,
      platform: props.platform,
      registry: props.registry,
      champion: props.productionTarget ?? props.target,
      ...(this.featureGroup === undefined ? {} : { featureGroup: this.featureGroup }),
      maximumDataSize: props.maximumDataSize ?? pipelineDefaults.maximumDataSize,
      architecture: props.architecture ?? pipelineDefaults.architecture,
      tracing: props.tracing ?? pipelineDefaults.tracing,
      deadLetterQueue: this.deadLetterQueue,
    });
  }

  private createRelease({ platform, registry, productionTarget: target, approval, architecture, tracing }: TrainingPipelineProps): ReleaseFunctions | undefined {
    if (target === undefined) return undefined;
    return new ReleaseFunctions(this, 'Release', {
      pipelineName: this.pipelineName,
      platform,
      registry,
      target,
      approvalTimeout: approval?.timeout,
      architecture: architecture ?? pipelineDefaults.architecture,
      tracing: tracing ?? pipelineDefaults.tracing,
      deadLetterQueue: this.deadLetterQueue,
    });
  }

  private createLogGroup({ platform }: TrainingPipelineProps): LogGroup {
    return new LogGroup(this, 'Logs', {
      // Under /aws/vendedlogs/, or many pipelines overflow the account's one resource policy for log delivery.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: platform.logRetention,
      removalPolicy: platform.logRemovalPolicy,
    });
  }
}
