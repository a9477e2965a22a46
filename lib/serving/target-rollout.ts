import { Annotations, ArnFormat, Names, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { planBounds, secondsPerStep } from '../../model/spec/rollout-plan.ts';
import { rolloutMachine } from '../../stepfunctions/rollout.ts';
import { acknowledgeWildcards } from '../private/acknowledgements.ts';
import { allow, allowKey, allowRead } from '../private/permissions.ts';
import { validate, validateSeconds } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { rolloutDefaults } from './defaults.ts';
import { createRollOut, createSmokeTest, smokeTestTimeoutOf } from './private/rollout-functions.ts';
import { Rollout } from './rollout.ts';
import type { DeploymentRecordLocation, ITargetRollout } from './serving-target.ts';
import type { TargetRolloutProps } from './target-rollout-props.ts';

/** Brings new model versions to a serving target: tries a version out, moves traffic to it step by step under alarms, and takes it back where it fails. */
export class TargetRollout extends Construct implements ITargetRollout {
  /** Brings a deployment to its end, or takes it back. */
  readonly stateMachine: StateMachine;
  /** The state machine's role. */
  readonly stateMachineRole: IRole;
  /** The state machine's logs. */
  readonly stateMachineLogGroup: ILogGroup;
  readonly plan: Rollout;
  /** Reads and writes the deployment record. */
  readonly rollOutFunction: IFunction;
  /** Asks what serves for predictions. */
  readonly smokeTestFunction: IFunction;
  /** What the command line needs to find the target, as JSON: the value of an output whose name ends in `Target`. */
  readonly reference: string;

  private readonly record: DeploymentRecordLocation;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: TargetRolloutProps) {
    super(scope, id);
    validate(this, validateProps(props));
    const { platform, service, alarms = [], driver } = props;
    this.record = service.record;
    this.plan = props.rollout ?? Rollout.allAtOnce();
    this.warnOfShortSteps(alarms.length);
    const rollOut = createRollOut(this, props, this.plan);
    this.rollOutFunction = rollOut.function;
    this.smokeTestFunction = props.smokeTestFunction ?? createSmokeTest(this, props).function;
    this.stateMachineRole = props.stateMachineRole ?? new Role(this, 'StateMachineRole', { description: `Runs the rollouts of ${service.targetName}.`, assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.stateMachineLogGroup = props.stateMachineLogGroup ?? new LogGroup(this, 'Logs', {
      // Under /aws/vendedlogs/, or many machines overflow the account's one resource policy for log delivery.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: platform.logRetention,
      removalPolicy: platform.logRemovalPolicy,
    });
    const definition = rolloutMachine({
      partition: Stack.of(this).partition,
      targetName: service.targetName,
      rollOut: { functionArn: rollOut.function.functionArn, timeoutSeconds: rollOut.timeout.toSeconds() },
      smokeTest: { functionArn: this.smokeTestFunction.functionArn, timeoutSeconds: smokeTestTimeoutOf(props).toSeconds() },
      ...(driver === undefined
        ? {}
        : {
            driver: {
              function: { functionArn: driver.function.functionArn, timeoutSeconds: (driver.timeout ?? rolloutDefaults.driverTimeout).toSeconds() },
              pollSeconds: (driver.pollInterval ?? rolloutDefaults.pollInterval).toSeconds(),
              deadlineSeconds: (driver.deadline ?? rolloutDefaults.deadline).toSeconds(),
            },
          }),
      revalidateSeconds: service.revalidateAfter.toSeconds() + rolloutDefaults.readerMarginSeconds,
      alarmNames: alarms.map(({ alarmName }) => alarmName),
      topicArn: platform.notificationTopic.topicArn,
      timeoutSeconds: planBounds.longestPlan + rolloutDefaults.waitsSeconds,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      role: this.stateMachineRole,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      logs: { destination: this.stateMachineLogGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: props.tracing ?? rolloutDefaults.tracing,
    });
    this.allowStates(props);
    this.reference = Stack.of(this).toJsonString({
      target: service.targetName,
      url: service.url,
      bucket: service.record.bucket.bucketName,
      key: service.record.key,
      stateMachineArn: this.stateMachine.stateMachineArn,
      ...(service.signedFor === undefined ? {} : { signedFor: service.signedFor }),
    });
  }

  /** Lets a principal deploy, share out traffic, promote and roll back, follow what comes of it, and see what is served. */
  grantStart(grantee: IGrantable): void {
    const { stateMachineArn, stateMachineName } = this.stateMachine;
    allow(grantee, { actions: ['states:StartExecution'], resources: [stateMachineArn] });
    allow(grantee, {
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: [Stack.of(this).formatArn({ service: 'states', resource: 'execution', resourceName: `${stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
      wildcard: 'Executions get their names at run time; the state machine is named.',
    });
    allowRead(grantee, this.record.bucket, this.record.key);
  }

  private allowStates({ platform, alarms = [], driver }: TargetRolloutProps): void {
    const role = this.stateMachineRole;
    const functions = [this.rollOutFunction, this.smokeTestFunction, ...(driver === undefined ? [] : [driver.function])];
    allow(role, { actions: ['lambda:InvokeFunction'], resources: functions.map(({ functionArn }) => functionArn) });
    if (alarms.length > 0) allow(role, { actions: ['cloudwatch:DescribeAlarms'], resources: alarms.map(({ alarmArn }) => alarmArn) });
    allow(role, { actions: ['sns:Publish'], resources: [platform.notificationTopic.topicArn] });
    allowKey(role, platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
    acknowledgeWildcards(role, ['*'], 'The actions for log delivery and for X-Ray know no resources.');
  }

  private warnOfShortSteps(alarms: number): void {
    const seconds = secondsPerStep(this.plan.toJSON());
    if (alarms === 0 || seconds === 0 || seconds >= rolloutDefaults.leastStepSeconds) return;
    Annotations.of(this).addWarningV2(
      'slipway:shortRollout',
      `Each share of the rollout stays for ${String(seconds)} s, and an alarm needs minutes to sound, so that a bad version gets its next share before. Let it stay for ${String(rolloutDefaults.leastStepSeconds)} s at least, or acknowledge this.`,
    );
  }
}

/** DescribeAlarms takes no more names. */
const mostAlarms = 100;

function validateProps({ alarms, driver, vpc, vpcSubnets, securityGroups, smokeTestFunction, smokeTestTimeout }: TargetRolloutProps): Finding[] {
  return [
    alarms !== undefined && alarms.length > mostAlarms ? `alarms are ${String(alarms.length)}, expected ${String(mostAlarms)} at most: join some in a composite alarm.` : undefined,
    validateSeconds("driver's timeout", driver?.timeout, 1, 900),
    validateSeconds("driver's pollInterval", driver?.pollInterval, 1, 3600),
    validateSeconds("driver's deadline", driver?.deadline, 60, 86_400),
    validateSeconds('smokeTestTimeout', smokeTestTimeout, 10, 900),
    vpc === undefined && (vpcSubnets !== undefined || securityGroups !== undefined) ? 'vpcSubnets or securityGroups are set without a vpc, which they are of. Add vpc, or leave them out.' : undefined,
    vpc !== undefined && smokeTestFunction !== undefined ? 'vpc and smokeTestFunction are both set, expected one: a function of your own has its own network.' : undefined,
  ];
}
