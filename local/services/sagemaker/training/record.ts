import type { MetricDefinition } from '../../../compute/training/metrics.ts';

/** An input channel of CreateTrainingJob. */
export interface Channel {
  readonly ChannelName: string;
  readonly DataSource: { readonly S3DataSource?: { readonly S3DataType: string; readonly S3Uri: string; readonly S3DataDistributionType?: string } };
  readonly ContentType?: string;
  readonly CompressionType?: string;
  readonly RecordWrapperType?: string;
  readonly InputMode?: string;
}

/** A job's CheckpointConfig. */
export interface CheckpointConfig {
  readonly S3Uri: string;
  readonly LocalPath?: string;
}

/** The members of CreateTrainingJob that the laptop acts on; the others are kept and described. */
export interface TrainingJobInput {
  readonly TrainingJobName: string;
  readonly RoleArn: string;
  readonly AlgorithmSpecification: {
    readonly TrainingImage?: string;
    readonly AlgorithmName?: string;
    readonly TrainingInputMode: string;
    readonly MetricDefinitions?: readonly MetricDefinition[];
    readonly ContainerArguments?: readonly string[];
  };
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly InputDataConfig?: readonly Channel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly KmsKeyId?: string };
  readonly ResourceConfig: { readonly InstanceType?: string; readonly InstanceCount?: number };
  readonly CheckpointConfig?: CheckpointConfig;
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

/** A step of a job's life; times are ISO. */
export interface Transition {
  readonly Status: string;
  readonly StartTime: string;
  readonly EndTime?: string;
  readonly StatusMessage: string;
}

/** A training job as the store keeps it; times are ISO. */
export interface TrainingJobRecord {
  readonly arn: string;
  readonly input: TrainingJobInput;
  readonly status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  readonly transitions: readonly Transition[];
  readonly creationTime: string;
  readonly lastModifiedTime: string;
  readonly trainingStartTime?: string;
  readonly trainingEndTime?: string;
  readonly failureReason?: string;
  readonly modelArtifacts?: string;
  readonly metrics: readonly { readonly MetricName: string; readonly Value: number; readonly Timestamp: string }[];
}

/** Whether the job is over. */
export function isOver({ status }: TrainingJobRecord): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}

/** The job one step further. */
export function advance(record: TrainingJobRecord, at: Date, status: string, message: string, changes: Partial<TrainingJobRecord> = {}): TrainingJobRecord {
  const time = at.toISOString();
  const last = record.transitions.at(-1);
  const earlier = last === undefined ? [] : [...record.transitions.slice(0, -1), { ...last, EndTime: time }];
  const transition: Transition = { Status: status, StartTime: time, StatusMessage: message };
  const over = changes.status !== undefined && isOver({ ...record, status: changes.status });
  return { ...record, ...changes, lastModifiedTime: time, transitions: [...earlier, over ? { ...transition, EndTime: time } : transition] };
}
