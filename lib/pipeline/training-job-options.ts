import type { Duration, Size } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A metric that SageMaker reads from the lines that a training container prints. */
export interface MetricDefinition {
  /** The metric's name, such as `validation:loss`. */
  readonly name: string;
  /** A regular expression whose first group is the value, such as `validation loss=([0-9.]+)`. */
  readonly regex: string;
}

/** The training jobs of a pipeline: on what they run, for how long, and what they may reach. */
export interface TrainingJobOptions {
  /**
   * The instances that train, such as `ml.m5.xlarge`.
   * @default 'ml.m5.xlarge'
   */
  readonly instanceType?: string;

  /**
   * Instance types to train on instead, in this order, where the account's quota or AWS's capacity has no instance of `instanceType`.
   * The job is then started anew; a job that fails once it runs is not.
   * @default - none: the run fails, and says what was missing
   */
  readonly fallbackInstanceTypes?: string[];

  /**
   * How many instances train together. What each of them gets of the training data is the algorithm's to say: with the built-in XGBoost
   * each its own part, and all of them the validation data. The laptop is one machine, and trains such a job as one instance with all parts.
   * @default 1
   */
  readonly instanceCount?: number;

  /**
   * Each training instance's volume.
   * @default Size.gibibytes(30)
   */
  readonly volumeSize?: Size;

  /**
   * When training is stopped.
   * @default Duration.hours(1)
   */
  readonly maxTrainingTime?: Duration;

  /**
   * Whether training runs on spare capacity, at a discount, which may be taken back at any time. What the container writes into
   * /opt/ml/checkpoints then outlives an interruption; a container that writes none starts from the beginning.
   * @default false
   */
  readonly useSpot?: boolean;

  /**
   * When a job on spare capacity is given up, waiting and training together: at least `maxTrainingTime`.
   * @default - an hour longer than `maxTrainingTime`
   */
  readonly maxWaitTime?: Duration;

  /**
   * For how long the instances stay for the next job, which then starts at once; they are paid for meanwhile. At most an hour, and not on spare capacity.
   * Needs a quota of the account for warm pools of the instance type, which is 0 until it is raised: without it the instances are given back at once.
   * @default Duration.seconds(0) - they are given back when the job ends
   */
  readonly keepAlivePeriod?: Duration;

  /**
   * Training jobs reach S3 through this network, whose routes and endpoints are its owner's.
   * @default - no network: SageMaker copies data in and out, the job itself has no network
   */
  readonly vpc?: IVpc;

  /**
   * The subnets that training jobs use, where there is a `vpc`.
   * @default - the private ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of training jobs, where there is a `vpc`. Several instances talk to each other, which the groups have to allow.
   * @default - a new one that lets everything out and nothing in but what several instances tell each other
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether the container has no network at all: data comes in and the model goes out by SageMaker alone.
   * @default true
   */
  readonly networkIsolation?: boolean;

  /**
   * Whether what several instances tell each other is encrypted. It makes training slower.
   * @default - true where there is more than one instance
   */
  readonly interContainerEncryption?: boolean;

  /**
   * Encrypts the instances' volumes. Types with disks of their own encrypt those themselves and take no key.
   * @default - the platform's key, if it has one
   */
  readonly volumeEncryptionKey?: IKey;

  /**
   * Encrypts what training writes: the model, further output.
   * @default - the platform's key, if it has one
   */
  readonly outputEncryptionKey?: IKey;

  /**
   * The role that training jobs run under. It must trust `sagemaker.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly trainingRole?: IRole;

  /**
   * Tags of training jobs, beside those of the state machine.
   * @default - none of their own
   */
  readonly trainingTags?: { [key: string]: string };

  /**
   * What SageMaker reads from the lines that the container prints, and shows as the job's metrics.
   * @default - the algorithm's own; a container or a framework has none
   */
  readonly metricDefinitions?: MetricDefinition[];

  /**
   * The container's environment. It is readable by whoever may describe the job: secrets belong into `secrets`.
   * @default - none
   */
  readonly trainingEnvironment?: { [name: string]: string };

  /**
   * Secrets that the container may read: each environment variable holds the ARN of its secret, with which the container asks Secrets
   * Manager for the value. The value itself stands neither in the template nor in the job. Needs `networkIsolation: false`.
   * @default - none
   */
  readonly secrets?: { [name: string]: ISecret };
}
