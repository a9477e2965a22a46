/** A container of CreateModel, as far as the laptop acts on it. */
export interface ContainerInput {
  readonly Image?: string;
  readonly Mode?: string;
  readonly ModelDataUrl?: string;
  readonly ModelDataSource?: { readonly S3DataSource?: { readonly S3Uri: string; readonly S3DataType: string; readonly CompressionType: string } };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ModelPackageName?: string;
}

/** The members of CreateModel that the laptop acts on; the others are kept and described. */
export interface ModelInput {
  readonly ModelName: string;
  readonly PrimaryContainer?: ContainerInput;
  readonly Containers?: readonly ContainerInput[];
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: boolean;
  readonly Tags?: unknown;
}

/** What serverless inference gives a variant. */
export interface ServerlessConfig {
  readonly MemorySizeInMB: number;
  readonly MaxConcurrency: number;
  readonly ProvisionedConcurrency?: number;
}

/** A production variant of an endpoint's configuration. */
export interface VariantInput {
  readonly VariantName: string;
  readonly ModelName?: string;
  readonly InitialInstanceCount?: number;
  readonly InstanceType?: string;
  readonly InitialVariantWeight?: number;
  readonly ServerlessConfig?: ServerlessConfig;
  readonly ContainerStartupHealthCheckTimeoutInSeconds?: number;
}

/** What of the requests and answers goes to S3. */
export interface DataCaptureInput {
  readonly EnableCapture?: boolean;
  readonly InitialSamplingPercentage: number;
  readonly DestinationS3Uri: string;
  readonly KmsKeyId?: string;
  readonly CaptureOptions: readonly { readonly CaptureMode: 'Input' | 'Output' | 'InputAndOutput' }[];
  readonly CaptureContentTypeHeader?: { readonly CsvContentTypes?: readonly string[]; readonly JsonContentTypes?: readonly string[] };
}

/** The members of CreateEndpointConfig that the laptop acts on; the others are kept and described. */
export interface ConfigInput {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly VariantInput[];
  readonly ShadowProductionVariants?: readonly VariantInput[];
  readonly DataCaptureConfig?: DataCaptureInput;
  readonly AsyncInferenceConfig?: unknown;
  readonly Tags?: unknown;
}

/** A number of instances, or a percentage of the capacity. */
export interface CapacitySize {
  readonly Type: 'INSTANCE_COUNT' | 'CAPACITY_PERCENT';
  readonly Value: number;
}

/** How an update shifts traffic, and which alarms turn it back. */
export interface DeploymentInput {
  readonly BlueGreenUpdatePolicy?: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
      readonly WaitIntervalInSeconds: number;
      readonly CanarySize?: CapacitySize;
      readonly LinearStepSize?: CapacitySize;
    };
    readonly TerminationWaitInSeconds?: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly RollingUpdatePolicy?: {
    readonly MaximumBatchSize: CapacitySize;
    readonly WaitIntervalInSeconds: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
    readonly RollbackMaximumBatchSize?: CapacitySize;
  };
  readonly AutoRollbackConfiguration?: { readonly Alarms?: readonly { readonly AlarmName: string }[] };
}

/** Something with a name, an ARN and a birthday; times are ISO. */
export interface Kept<Input> {
  readonly name: string;
  readonly arn: string;
  readonly input: Input;
  readonly creationTime: string;
}

/** An endpoint's configuration with the models that it names, as they were when the endpoint took it: it serves on when they are deleted. */
export interface Deployed {
  readonly config: ConfigInput;
  readonly models: Readonly<Record<string, ModelInput>>;
}

/** What an operator may change of a variant while it serves. */
export interface VariantState {
  readonly weight: number;
  readonly instances?: number;
  readonly serverless?: ServerlessConfig;
}

/** Where an endpoint stands. */
export type EndpointStatus = 'Creating' | 'Updating' | 'RollingBack' | 'InService' | 'Failed' | 'Deleting' | 'UpdateRollbackFailed';

/** An update that is under way. */
export interface PendingDeployment {
  readonly deployed: Deployed;
  readonly deployment: DeploymentInput;
  readonly variants: Readonly<Record<string, VariantState>>;
  readonly startTime: string;
}

/** An endpoint as the store keeps it. */
export interface EndpointRecord {
  readonly name: string;
  readonly arn: string;
  readonly status: EndpointStatus;
  readonly deployed: Deployed;
  readonly variants: Readonly<Record<string, VariantState>>;
  /** What UpdateEndpointWeightsAndCapacities asked for and is being brought about. */
  readonly desired?: Readonly<Record<string, VariantState>>;
  readonly pending?: PendingDeployment;
  readonly lastDeployment?: DeploymentInput;
  readonly failureReason?: string;
  readonly creationTime: string;
  readonly lastModifiedTime: string;
}

/** A variant as its configuration starts it. */
export function initialVariant({ InitialVariantWeight: weight = 1, InitialInstanceCount: instances, ServerlessConfig: serverless }: VariantInput): VariantState {
  return { weight, ...(instances === undefined ? {} : { instances }), ...(serverless === undefined ? {} : { serverless }) };
}

/** The variants of a configuration, by name. */
export function initialVariants({ ProductionVariants: variants }: ConfigInput): Record<string, VariantState> {
  return Object.fromEntries(variants.map((variant) => [variant.VariantName, initialVariant(variant)]));
}
