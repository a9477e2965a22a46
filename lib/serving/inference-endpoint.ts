import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EndpointSpec, EndpointVariantSpec } from '../../model/spec/endpoint.ts';
import { longestEndpointName } from '../../model/spec/endpoint.ts';
import { prefixes, recordKey } from '../../model/spec/layout.ts';
import { servingRoles } from '../../model/spec/serving-metrics.ts';
import { deploymentName } from '../private/deployment-name.ts';
import { allow } from '../private/permissions.ts';
import { kebabCase, validate } from '../private/validation.ts';
import { ServingImage } from '../registry/serving-image.ts';
import { inferenceEndpointDefaults as defaults } from './defaults.ts';
import { EndpointVariant } from './endpoint-variant.ts';
import type { InferenceEndpointProps } from './inference-endpoint-props.ts';
import { createDriver } from './private/endpoint-driver.ts';
import { allowServing, createEndpointRole } from './private/endpoint-role.ts';
import { createEndpointRollout } from './private/endpoint-rollout.ts';
import { createEndpointSchedule } from './private/endpoint-schedule.ts';
import { architectureOf, validateEndpoint, validateEndpointImage } from './private/validate-endpoint.ts';
import { ServingAlarms } from './serving-alarms.ts';
import { ServingMetrics } from './serving-metrics.ts';
import type { DeploymentRecordLocation, IServingTarget } from './serving-target.ts';
import type { TargetRollout } from './target-rollout.ts';

/**
 * A SageMaker endpoint that answers with the model that its deployment record names. The endpoint itself needs a model: its first deployment makes it,
 * and a function drives it to its record from then on. Whoever removes the stack stops it first (`{"action": "stop"}` to `driver`): it is no resource of the stack.
 */
export class InferenceEndpoint extends Construct implements IServingTarget {
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly revalidateAfter: Duration;
  readonly url: string;
  readonly signedFor = 'sagemaker';
  /** The endpoint's name in SageMaker. */
  readonly endpointName: string;
  /** The endpoint's ARN. */
  readonly endpointArn: string;
  /** The role of the containers. */
  readonly executionRole: IRole;
  /** The containers' security groups, where they are in a network. */
  readonly securityGroups: ISecurityGroup[];
  /** The function that brings the endpoint to its record, a step a call. */
  readonly driver: LambdaFunction;
  /** That function's role. */
  readonly driverRole: IRole;
  /** That function's logs. */
  readonly logGroup: ILogGroup;
  /** How often the driver is called while the endpoint is on its way. */
  readonly pollInterval: Duration;
  /** When a change of the endpoint counts as stuck. */
  readonly deadline: Duration;
  /** What sounds when it is slow, fails, or is asked by nobody. */
  readonly alarms: ServingAlarms;
  /** What brings new versions to it. */
  readonly rollout: TargetRollout;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    const { platform } = props;
    this.targetName = props.targetName ?? kebabCase(id);
    const stable = (props.variant ?? EndpointVariant.serverless())._spec;
    const canary = props.canaryVariant?._spec ?? oneInstance(stable);
    validate(this, validateEndpoint(this.targetName, stable, canary, props));
    const architecture = architectureOf(stable);
    const image = (props.image ?? ServingImage.modelServer(architecture === undefined ? {} : { architecture }))._bind(this);
    validate(this, validateEndpointImage(image, stable));

    const stack = Stack.of(this);
    this.record = { bucket: platform.artifactBucket, key: recordKey(this.targetName) };
    this.endpointName = props.endpointName ?? deploymentName(this, longestEndpointName);
    this.endpointArn = stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName });
    this.url = `https://runtime.sagemaker.${stack.region}.${stack.urlSuffix}/endpoints/${this.endpointName}/invocations`;
    // The driver has settled only once nothing serves by the old record.
    this.revalidateAfter = Duration.seconds(0);
    this.pollInterval = defaults.pollInterval;
    this.deadline = longestOf(defaults.deadline, props.update === undefined ? 0 : props.update._spec.timeoutSeconds + Duration.minutes(30).toSeconds());
    this.alarms = new ServingAlarms(this, 'Alarms', {
      ...props.alarms,
      platform,
      targetName: this.targetName,
      metrics: ServingMetrics.ofVariants(this.endpointName, stable.serverless === undefined ? [servingRoles.stable, servingRoles.canary] : [servingRoles.stable]),
      ...(stable.serverless === undefined ? { canaryMetrics: ServingMetrics.ofVariants(this.endpointName, [servingRoles.canary]) } : {}),
    });
    const updateAlarms = props.update === undefined ? [] : (props.updateAlarms ?? [this.alarms.latency, this.alarms.errorRate].filter((alarm): alarm is NonNullable<typeof alarm> => alarm !== undefined));
    this.securityGroups = this.createSecurityGroups(props);
    const captured = props.dataCapture === undefined ? undefined : `${prefixes.captured}${this.targetName}/`;
    this.executionRole = props.executionRole ?? createEndpointRole(this);
    allowServing(this.executionRole, { platform, endpointName: this.endpointName, repositoryArn: image.repositoryArn, captured, alarms: updateAlarms, inNetwork: props.vpc !== undefined });

    const driver = createDriver(this, {
      platform,
      targetName: this.targetName,
      record: this.record,
      endpointName: this.endpointName,
      endpoint: stack.toJsonString(this.specOf(props, { stable, canary, image: image.spec.image, environment: image.spec.environment ?? {}, captured, updateAlarms })),
      executionRole: this.executionRole,
      volumeKey: props.volumeKey,
      scales: props.scaling !== undefined,
      serverless: stable.serverless !== undefined,
      tracing: props.tracing ?? defaults.tracing,
      logGroup: props.logGroup,
    });
    this.driver = driver.function;
    this.driverRole = driver.role;
    this.logGroup = driver.logGroup;
    if (props.schedule !== undefined) createEndpointSchedule(this, props.schedule, this.driver, this.targetName);
    this.rollout = createEndpointRollout(this, this, { platform, rollout: props.rollout, serverless: stable.serverless !== undefined, driverTimeout: driver.timeout, tracing: props.tracing ?? defaults.tracing });
  }

  /** Lets a principal ask for predictions by `InvokeEndpoint`. */
  grantInvoke(grantee: IGrantable): void {
    allow(grantee, { actions: ['sagemaker:InvokeEndpoint'], resources: [this.endpointArn] });
  }

  private specOf(props: InferenceEndpointProps, known: KnownParts): EndpointSpec {
    const { platform, scaling, dataCapture, vpc } = props;
    const { stable, canary, image, environment, captured, updateAlarms } = known;
    const keyId = platform.artifactBucket.encryptionKey?.keyArn;
    return {
      endpointName: this.endpointName,
      roleArn: this.executionRole.roleArn,
      image,
      environment: { ...environment },
      stable,
      canary,
      isolated: stable.serverless === undefined && (props.networkIsolation ?? defaults.networkIsolation),
      alarms: updateAlarms.map(({ alarmName }) => alarmName),
      // The tags of the function are those that everything of this construct has.
      tags: Lazy.any({ produce: () => (this.driver.node.defaultChild as CfnFunction).tags.tagValues() }) as unknown as EndpointSpec['tags'],
      ...(props.volumeKey === undefined ? {} : { volumeKeyId: props.volumeKey.keyArn }),
      ...(vpc === undefined ? {} : { network: { subnets: vpc.selectSubnets(props.subnets).subnetIds, securityGroups: this.securityGroups.map(({ securityGroupId }) => securityGroupId) } }),
      ...(captured === undefined
        ? {}
        : {
            capture: {
              destination: `s3://${platform.artifactBucket.bucketName}/${captured}`,
              samplingPercent: dataCapture?.samplingPercent ?? defaults.samplingPercent,
              input: dataCapture?.requests ?? true,
              output: dataCapture?.responses ?? true,
              ...(keyId === undefined ? {} : { keyId }),
            },
          }),
      ...(props.update === undefined ? {} : { update: props.update._spec }),
      ...(scaling === undefined
        ? {}
        : {
            scaling: {
              minimum: scaling.minInstances,
              maximum: scaling.maxInstances,
              invocations: scaling.invocationsPerInstance ?? defaults.invocationsPerInstance,
              scaleInSeconds: (scaling.scaleInCooldown ?? defaults.scaleInCooldown).toSeconds(),
              scaleOutSeconds: (scaling.scaleOutCooldown ?? defaults.scaleOutCooldown).toSeconds(),
            },
          }),
    };
  }

  private createSecurityGroups({ vpc, securityGroups }: InferenceEndpointProps): ISecurityGroup[] {
    if (vpc === undefined) return [];
    return securityGroups ?? [new SecurityGroup(this, 'SecurityGroup', { vpc, description: `Containers of the endpoint ${this.targetName}.` })];
  }
}

/** What is known when the endpoint is described to its driver. */
interface KnownParts {
  readonly stable: EndpointVariantSpec;
  readonly canary: EndpointVariantSpec;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly captured: string | undefined;
  readonly updateAlarms: readonly IAlarm[];
}

function oneInstance({ instances, ...spec }: EndpointVariantSpec): EndpointVariantSpec {
  return { ...spec, ...(instances === undefined ? {} : { instances: { ...instances, count: 1 } }) };
}

function longestOf(duration: Duration, seconds: number): Duration {
  return duration.toSeconds() >= seconds ? duration : Duration.seconds(seconds);
}
