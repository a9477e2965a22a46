/** The environment of the roll-out handler: the contract between the construct that sets it and the code that reads it. */
export interface RollOutEnv {
  /** The bucket that holds the deployment record. */
  readonly RECORD_BUCKET: string;
  /** The deployment record's key, `deployments/<target>.json`. */
  readonly RECORD_KEY: string;
  /** The target's plan, as JSON: what a deployment follows that is asked for without one. */
  readonly ROLLOUT_PLAN: string;
}

/** The names in `RollOutEnv`. */
export const rollOutEnv = ['RECORD_BUCKET', 'RECORD_KEY', 'ROLLOUT_PLAN'] as const satisfies readonly (keyof RollOutEnv)[];
