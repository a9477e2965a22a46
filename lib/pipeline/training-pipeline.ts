import { Names, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
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
import type { StartPipelineEnv } from '../../lambda/start-pipeline/env.ts';
import { Split } from '../../model/spec/split.ts';
import { trainingPipeline } from '../../stepfunctions/training-pipeline.ts';
import type { AslValue, InvokedFunction, TrainingPipelineFunctions } from '../../stepfunctions/training-pipeline.ts';
import { HandlerFunction } from '../private/handler-function.ts';
import { allow, allowRead, allowToMiss } from '../private/permissions.ts';
import { kebabCase, validate } from '../private/validation.ts';
import type { AlgorithmConfig } from '../training/algorithm.ts';
import { pipelineDefaults, smallFunctionMemoryMiB, smallFunctionTimeout } from './defaults.ts';
import { createDeadLetterQueue } from './private/dead-letters.ts';
import { PipelineFunctions } from './private/functions.ts';
import { jobTags } from './private/job-tags.ts';
import { ArtifactLayout } from './private/layout.ts';
import { hasLocalStorage } from './private/local-storage.ts';
import { allowStates } from './private/state-machine-role.ts';
import { allowTraining, createTrainingRole } from './private/training-role.ts';
import { notifyOnEnd, startOnNewObject, startOnSchedule } from './private/triggers.ts';
import { validatePipeline } from './private/validate-props.ts';
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
  /** The functions behind the states, in the order in which they run, then the one that notifies. */
  readonly functions: LambdaFunction[];
  /** Events that could not be handled. */
  readonly deadLetterQueue: IQueue;
  /** The rules that start runs and report their end. */
  readonly rules: Rule[];
  readonly grantPrincipal: IPrincipal;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: TrainingPipelineProps) {
    super(scope, id);
    this.pipelineName = props.pipelineName ?? kebabCase(id);
    validate(this, validatePipeline(this.pipelineName, props));
    this.dataPrefix = `raw/${this.pipelineName}/`;
    const { platform } = props;
    const layout = new ArtifactLayout(this.pipelineName);
    const jobNamePrefix = `${this.pipelineName.slice(0, 22)}-${this.node.addr.slice(-8)}`;
    const algorithm = props.algorithm.bind(this);

    this.deadLetterQueue = props.deadLetterQueue ?? createDeadLetterQueue(this);
    const functions = this.createFunctions(props);
    this.functions = Object.values(functions).map((handler) => handler.function);
    this.securityGroups = this.createSecurityGroups(props);
    this.trainingRole = props.trainingRole ?? createTrainingRole(this);
    allowTraining(this.trainingRole, platform, layout.intermediates, algorithm.repositoryArn, props.vpc !== undefined);

    this.stateMachineRole =
      props.stateMachineRole ??
      new Role(this, 'StateMachineRole', {
        description: 'Runs the state machine of the pipeline.',
        assumedBy: new ServicePrincipal('states.amazonaws.com'),
      });
    this.grantPrincipal = this.stateMachineRole.grantPrincipal;
    this.stateMachineLogGroup = props.stateMachineLogGroup ?? this.createLogGroup(props);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      role: this.stateMachineRole,
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString(this.definition(props, functions, algorithm, jobNamePrefix)),
      ),
      logs: { destination: this.stateMachineLogGroup, level: LogLevel.ALL, includeExecutionData: props.logExecutionData ?? false },
      tracingEnabled: props.tracing ?? true,
    });
    allowStates(this.stateMachineRole, {
      functionArns: Object.values(functions).map((handler) => handler.function.functionArn),
      trainingRole: this.trainingRole,
      jobNamePrefix,
      platform,
      baselines: layout.baselines,
    });

    this.startFunction = this.createStartFunction(props);
    this.rules = [
      ...((props.autoStart ?? true) ? [startOnNewObject(this, platform.dataBucket, this.dataPrefix, this.startFunction, this.deadLetterQueue)] : []),
      ...(props.schedule === undefined ? [] : [startOnSchedule(this, props.schedule, this.startFunction, this.deadLetterQueue)]),
      notifyOnEnd(this, this.stateMachine, functions.notify.function, this.deadLetterQueue),
    ];
  }

  /** Lets a principal start a run by hand, through the function that names runs. */
  grantStart(grantee: IGrantable): void {
    allow(grantee, { actions: ['lambda:InvokeFunction'], resources: [this.startFunction.functionArn] });
  }

  private createFunctions(props: TrainingPipelineProps): PipelineHandlers {
    const functions = new PipelineFunctions(this, 'Functions', {
      pipelineName: this.pipelineName,
      dataPrefix: this.dataPrefix,
      platform: props.platform,
      registry: props.registry,
      target: props.target,
      maximumDataSize: props.maximumDataSize ?? pipelineDefaults.maximumDataSize,
      architecture: props.architecture ?? pipelineDefaults.architecture,
      tracing: props.tracing ?? true,
      deadLetterQueue: this.deadLetterQueue,
    });
    const { validateData, prepareData, convertModel, validateModel, registerModel, deployModel, smokeTest, notify } = functions;
    return { validateData, prepareData, convertModel, validateModel, registerModel, deployModel, smokeTest, notify };
  }

  private createSecurityGroups({ vpc, securityGroups }: TrainingPipelineProps): ISecurityGroup[] {
    if (vpc === undefined) return [];
    return securityGroups ?? [new SecurityGroup(this, 'SecurityGroup', { vpc, description: `Training jobs of the pipeline ${this.pipelineName}.` })];
  }

  private createLogGroup({ platform }: TrainingPipelineProps): LogGroup {
    return new LogGroup(this, 'Logs', {
      // Under /aws/vendedlogs/, or many pipelines overflow the account's one resource policy for log delivery.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: platform.logRetention,
      removalPolicy: platform.logRemovalPolicy,
    });
  }

  private createStartFunction({ platform, architecture, tracing }: TrainingPipelineProps): LambdaFunction {
    const environment: StartPipelineEnv = {
      STATE_MACHINE_ARN: this.stateMachine.stateMachineArn,
      DATA_BUCKET: platform.dataBucket.bucketName,
      DATA_PREFIX: this.dataPrefix,
    };
    const start = new HandlerFunction(this, 'Start', {
      handler: 'start-pipeline',
      description: `Starts a run of the pipeline ${this.pipelineName}.`,
      environment: { ...environment },
      memorySizeMiB: smallFunctionMemoryMiB,
      timeout: smallFunctionTimeout,
      architecture: architecture ?? pipelineDefaults.architecture,
      tracing: tracing ?? true,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      deadLetterQueue: this.deadLetterQueue,
    });
    allow(start.role, { actions: ['states:StartExecution'], resources: [this.stateMachine.stateMachineArn] });
    allowRead(start.role, platform.dataBucket, `${this.dataPrefix}*`);
    // Also lists the prefix for the newest object.
    allowToMiss(start.role, platform.dataBucket);
    return start.function;
  }

  private definition(props: TrainingPipelineProps, functions: PipelineHandlers, algorithm: AlgorithmConfig, jobNamePrefix: string) {
    const { platform } = props;
    const instanceType = props.instanceType ?? pipelineDefaults.instanceType;
    const volumeKey = hasLocalStorage(instanceType) ? undefined : platform.encryptionKey;
    const invoked = (handler: HandlerFunction): InvokedFunction => ({
      functionArn: handler.function.functionArn,
      timeoutSeconds: handler.timeout.toSeconds(),
    });
    return trainingPipeline({
      partition: Stack.of(this).partition,
      pipelineName: this.pipelineName,
      artifactBucket: platform.artifactBucket.bucketName,
      endpointUrl: props.target.url,
      functions: {
        validateData: invoked(functions.validateData),
        prepareData: invoked(functions.prepareData),
        convertModel: invoked(functions.convertModel),
        validateModel: invoked(functions.validateModel),
        registerModel: invoked(functions.registerModel),
        deployModel: invoked(functions.deployModel),
        smokeTest: invoked(functions.smokeTest),
        notify: invoked(functions.notify),
      },
      training: {
        jobNamePrefix,
        roleArn: this.trainingRole.roleArn,
        image: algorithm.image,
        hyperParameters: algorithm.hyperParameters,
        contentType: algorithm.contentType,
        instanceType,
        instanceCount: props.instanceCount ?? pipelineDefaults.instanceCount,
        volumeSizeGb: (props.volumeSize ?? pipelineDefaults.volumeSize).toGibibytes(),
        maxRuntimeSeconds: (props.maxTrainingTime ?? pipelineDefaults.maxTrainingTime).toSeconds(),
        ...(platform.encryptionKey === undefined ? {} : { outputKeyArn: platform.encryptionKey.keyArn }),
        ...(volumeKey === undefined ? {} : { volumeKeyArn: volumeKey.keyArn }),
        ...(props.vpc === undefined
          ? {}
          : {
              network: {
                subnetIds: props.vpc.selectSubnets(props.vpcSubnets ?? {}).subnetIds,
                securityGroupIds: this.securityGroups.map((group) => group.securityGroupId),
              },
            }),
        tags: jobTags(() => this.stateMachine.node.defaultChild as CfnStateMachine, this.pipelineName) as unknown as AslValue,
      },
      schema: json(props.dataset),
      features: json(props.features),
      split: json(props.split ?? Split.byRowHash()),
      gates: json(props.gates ?? []),
      limits: {
        minimumRows: props.minimumRows ?? pipelineDefaults.minimumRows,
        maximumNullShare: props.maximumNullShare ?? pipelineDefaults.maximumNullShare,
        maximumBytes: (props.maximumDataSize ?? pipelineDefaults.maximumDataSize).toBytes(),
      },
      timeoutSeconds: (props.timeout ?? pipelineDefaults.timeout).toSeconds(),
    });
  }
}

/** The handlers behind the states. */
type PipelineHandlers = Readonly<Record<keyof TrainingPipelineFunctions, HandlerFunction>>;

/** A declaration as the JSON that its `toJSON` gives. */
function json(declaration: unknown): AslValue {
  return JSON.parse(JSON.stringify(declaration)) as AslValue;
}
