/** How traffic moves to a new version. */
export type Routing =
  | { readonly kind: 'all-at-once' }
  /** A share at first, and the rest after a while. */
  | { readonly kind: 'canary'; readonly percentage: number; readonly minutes: number }
  /** The same share again and again. */
  | { readonly kind: 'linear'; readonly percentage: number; readonly minutes: number };

/** A deployment group, as its template declares it. */
export interface GroupProperties {
  readonly ApplicationName: string;
  readonly DeploymentGroupName?: string;
  readonly DeploymentConfigName?: string;
  readonly ServiceRoleArn: string;
  readonly AlarmConfiguration?: { readonly Alarms?: readonly { readonly Name?: string }[]; readonly Enabled?: boolean | string; readonly IgnorePollAlarmFailure?: boolean | string };
  readonly AutoRollbackConfiguration?: { readonly Enabled?: boolean | string; readonly Events?: readonly RollbackEvent[] };
}

/** After what a group goes back to the version before. */
export type RollbackEvent = 'DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST';

/** Which alias is to move from which version to which. */
export interface LambdaShift {
  readonly resource: string;
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** Functions that look at the new version before and after it gets traffic. */
  readonly hooks: { readonly BeforeAllowTraffic?: string; readonly AfterAllowTraffic?: string };
}

/** One step of a deployment. */
export interface LifecycleEvent {
  readonly name: 'BeforeAllowTraffic' | 'AllowTraffic' | 'AfterAllowTraffic';
  readonly status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped';
  /** ISO times. */
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** A deployment as it lasts. */
export interface DeploymentRecord {
  readonly id: string;
  readonly applicationName: string;
  readonly groupName: string;
  readonly configName: string;
  readonly description?: string;
  readonly creator: 'user' | 'CloudFormation' | 'codeDeployRollback';
  /** The AppSpec file, as it was given. */
  readonly appSpec: string;
  readonly shift: LambdaShift;
  readonly status: 'Created' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';
  /** The share of the new version, in percent. */
  readonly weight: number;
  readonly events: readonly LifecycleEvent[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly rollback?: { readonly deploymentId: string; readonly message: string };
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** A deployment that did not come to its end: why, and under which of CodeDeploy's codes. */
export class DeploymentFailure extends Error {
  override readonly name = 'DeploymentFailure';
  readonly code: 'ALARM_ACTIVE' | 'HOOK_EXECUTION_FAILURE' | 'MANUAL_STOP' | 'INVALID_LAMBDA_FUNCTION';
  readonly event: RollbackEvent;

  constructor(code: DeploymentFailure['code'], message: string, event: RollbackEvent = 'DEPLOYMENT_FAILURE') {
    super(message);
    this.code = code;
    this.event = event;
  }
}
