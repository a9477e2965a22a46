/** How SageMaker itself moves the traffic of an update that keeps the variants' names. Percentages are of the capacity. */
export type EndpointUpdateSpec =
  | { readonly kind: 'allAtOnce'; readonly bakeSeconds: number; readonly timeoutSeconds: number }
  | { readonly kind: 'canary' | 'linear'; readonly percent: number; readonly waitSeconds: number; readonly bakeSeconds: number; readonly timeoutSeconds: number }
  | { readonly kind: 'rolling'; readonly percent: number; readonly rollbackPercent?: number | undefined; readonly waitSeconds: number; readonly timeoutSeconds: number };

/** On what a variant of an endpoint runs: the one or the other. */
export interface EndpointVariantSpec {
  readonly instances?: { readonly type: string; readonly count: number } | undefined;
  readonly serverless?: { readonly memorySizeMb: number; readonly maxConcurrency: number; readonly provisionedConcurrency?: number | undefined } | undefined;
  /** How long a container may take until it answers. */
  readonly startupSeconds?: number | undefined;
  /** How long the model's files may take from S3. */
  readonly downloadSeconds?: number | undefined;
}

/** How the stable variant of an endpoint scales. */
export interface EndpointScalingSpec {
  readonly minimum: number;
  readonly maximum: number;
  /** Invocations an instance and minute. */
  readonly invocations: number;
  readonly scaleInSeconds: number;
  readonly scaleOutSeconds: number;
}

/** What of the requests and answers of an endpoint goes to S3. */
export interface DataCaptureSpec {
  readonly destination: string;
  readonly samplingPercent: number;
  readonly input: boolean;
  readonly output: boolean;
  readonly keyId?: string | undefined;
}

/** A SageMaker endpoint but for its models, which the deployment record names: what the construct declares and the driver brings about. */
export interface EndpointSpec {
  readonly endpointName: string;
  readonly roleArn: string;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stable: EndpointVariantSpec;
  readonly canary: EndpointVariantSpec;
  readonly volumeKeyId?: string | undefined;
  readonly network?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | undefined;
  readonly isolated: boolean;
  readonly capture?: DataCaptureSpec | undefined;
  readonly update?: EndpointUpdateSpec | undefined;
  /** The alarms by which SageMaker turns an update back. */
  readonly alarms: readonly string[];
  readonly scaling?: EndpointScalingSpec | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Characters of an endpoint's name: `-canary` and the digest of a model's name go behind it, and SageMaker takes 63. */
export const longestEndpointName = 43;
