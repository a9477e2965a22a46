/** A container of a task definition, in the API's shape, as far as it acts here. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential?: boolean | string;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly { readonly containerPort?: number | string; readonly name?: string }[];
  readonly healthCheck?: { readonly command: readonly string[]; readonly interval?: number; readonly timeout?: number; readonly retries?: number; readonly startPeriod?: number };
  readonly stopTimeout?: number | string;
  readonly cpu?: number;
  readonly memory?: number;
}

/** What RegisterTaskDefinition takes. */
export interface TaskDefinitionInput {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly networkMode?: string;
  readonly requiresCompatibilities?: readonly string[];
}

/** A revision of a task definition. */
export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE';
  /** ISO time. */
  readonly registeredAt: string;
  readonly input: TaskDefinitionInput;
}

/** A target group that a service's tasks are registered with. */
export interface ServiceLoadBalancer {
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number | string;
}

/** How a service replaces its tasks. */
export interface DeploymentConfiguration {
  readonly maximumPercent?: number | string;
  readonly minimumHealthyPercent?: number | string;
  readonly deploymentCircuitBreaker?: { readonly enable?: boolean | string; readonly rollback?: boolean | string };
  readonly alarms?: { readonly alarmNames?: readonly string[]; readonly enable?: boolean | string; readonly rollback?: boolean | string };
}

/** What CreateService and UpdateService say of a service besides its tasks. */
export interface ServiceSettings {
  readonly loadBalancers?: readonly ServiceLoadBalancer[];
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly healthCheckGracePeriodSeconds?: number | string;
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly object[];
  readonly networkConfiguration?: object;
  readonly enableExecuteCommand?: boolean | string;
  readonly schedulingStrategy?: string;
}

/** One try of a service to run its tasks by a task definition. */
export interface DeploymentRecord {
  readonly id: string;
  readonly taskDefinition: string;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason: string;
  /** Tasks that ended before they were healthy, since the last one that was. */
  readonly failedTasks: number;
  /** ISO times. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A service, as the store keeps it. */
export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly clusterName: string;
  readonly createdAt: string;
  readonly desiredCount: number;
  readonly settings: ServiceSettings;
  /** The deployment that it is to reach. */
  readonly primary: DeploymentRecord;
  /** The task definition of the last deployment that was reached: what a rollback goes back to. */
  readonly steadyTaskDefinition?: string;
}
