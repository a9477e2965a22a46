import type { Size } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';

/** Instances that AWS chooses, starts, patches and ends. */
export interface ManagedGpuCapacityProps {
  /**
   * Whether they are spare capacity, at a discount, which AWS takes back with two minutes' notice.
   * @default false
   */
  readonly spot?: boolean;

  /**
   * Each instance's disk for images, models and logs.
   * @default Size.gibibytes(80)
   */
  readonly storageSize?: Size;
}

/** Instances of one type in an Auto Scaling group of one's own. */
export interface GpuGroupCapacityProps {
  /** Their type, such as `InstanceType.of(InstanceClass.G6, InstanceSize.XLARGE)`. */
  readonly instanceType: InstanceType;

  /**
   * Whether they are spare capacity, at a discount, which AWS takes back with two minutes' notice.
   * @default false
   */
  readonly spot?: boolean;

  /**
   * How many there are at most.
   * @default - one more than there are tasks at most, for the new ones of a deployment
   */
  readonly maxInstances?: number;

  /**
   * Each instance's disk for images, models and logs.
   * @default Size.gibibytes(80)
   */
  readonly storageSize?: Size;
}
