/** The environment of the deploy-model handler: the contract between the construct that sets it and the code that reads it. */
export interface DeployModelEnv {
  /** The bucket that holds the deployment record. */
  readonly RECORD_BUCKET: string;
  /** The deployment record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
}

/** The names in `DeployModelEnv`. */
export const deployModelEnv = ['RECORD_BUCKET', 'RECORD_KEY'] as const satisfies readonly (keyof DeployModelEnv)[];
