/** The environment of the function: the contract between the construct that sets it and the handler that reads it. */
export interface DriveEndpointEnv {
  /** The bucket that holds the deployment record. */
  readonly RECORD_BUCKET: string;
  /** The deployment record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
  /** Where the driver remembers the endpoint's last update. */
  readonly STATE_KEY: string;
  /** And that of the endpoint on which a serverless target's canary is tried out. */
  readonly TRIAL_STATE_KEY: string;
  /** The endpoint as JSON: an `EndpointSpec`. */
  readonly ENDPOINT: string;
}

/** The names in `DriveEndpointEnv`. */
export const driveEndpointEnv = ['RECORD_BUCKET', 'RECORD_KEY', 'STATE_KEY', 'TRIAL_STATE_KEY', 'ENDPOINT'] as const satisfies readonly (keyof DriveEndpointEnv)[];
