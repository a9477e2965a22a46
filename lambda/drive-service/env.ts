/** The environment of the function: the contract between the construct that sets it and the handler that reads it. */
export interface DriveServiceEnv {
  /** The cluster's name. */
  readonly CLUSTER: string;
  /** The service's name. */
  readonly SERVICE_NAME: string;
  /** How few tasks run once a model is deployed. */
  readonly MIN_TASKS: string;
}

/** The names in `DriveServiceEnv`. */
export const driveServiceEnv = ['CLUSTER', 'SERVICE_NAME', 'MIN_TASKS'] as const satisfies readonly (keyof DriveServiceEnv)[];
