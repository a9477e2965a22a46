/** The environment of the smoke-test handler: the contract between the construct that sets it and the code that reads it. */
export interface SmokeTestEnv {
  /** The base URL of the prediction API; or the ARN of the function that answers, which is then invoked with the events of its front door, or of a SageMaker endpoint (behind a `#` the name of the one for trials). */
  readonly ENDPOINT_URL: string;
  /** How old a deployment record the API may still serve: how long the test waits for the new version. */
  readonly REVALIDATE_SECONDS: string;
}

/** The names in `SmokeTestEnv`. */
export const smokeTestEnv = ['ENDPOINT_URL', 'REVALIDATE_SECONDS'] as const satisfies readonly (keyof SmokeTestEnv)[];
