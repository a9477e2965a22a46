/** The environment of the handler that replaces API keys. */
export interface RotateApiKeyEnv {
  /** JSON: by the ARN of the secret that holds a client's key, the client's name and the secret that holds the digests. */
  readonly API_KEYS: string;
  /** How many seconds a key is accepted for once it was replaced. */
  readonly GRACE_SECONDS: string;
}

/** The names in `RotateApiKeyEnv`. */
export const rotateApiKeyEnv = ['API_KEYS', 'GRACE_SECONDS'] as const satisfies readonly (keyof RotateApiKeyEnv)[];
