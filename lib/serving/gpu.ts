import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { Size } from 'aws-cdk-lib';
import { AcceleratorName } from 'aws-cdk-lib/aws-ec2';
import { DeclarationError } from '../../model/spec/errors.ts';

/** How many graphics processors of what kind a task has. */
export interface GpuOptions {
  /** How many a task has. @default 1 */
  readonly count?: number;
}

/** What of GPUs a task needs: so many of any kind, so much memory, or one type. */
export class Gpu {
  /** Any of NVIDIA's, so many of them. @throws DeclarationError where the count is none */
  static count(count: number): Gpu {
    return new Gpu('Gpu.count', count);
  }

  /** So much memory of their own, all of a task's together. @throws DeclarationError where the count is none, or the memory less than 1 GiB */
  static memory(minimum: Size, options: GpuOptions = {}): Gpu {
    const mebibytes = minimum.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
    if (mebibytes < 1024) throw new DeclarationError('Gpu.memory', 'minimum', `${String(mebibytes)} MiB`, 'at least 1 GiB, such as Size.gibibytes(24)');
    return new Gpu('Gpu.memory', options.count ?? 1, minimum);
  }

  /** One type, such as `AcceleratorName.L4`. @throws DeclarationError where the count is none, or the type is no GPU of NVIDIA's */
  static type(name: AcceleratorName, options: GpuOptions = {}): Gpu {
    if (!nvidia.includes(name)) throw new DeclarationError('Gpu.type', 'name', name, `a GPU of NVIDIA's: ${nvidia.join(', ')}`);
    return new Gpu('Gpu.type', options.count ?? 1, undefined, name);
  }

  /** How many a task has. */
  readonly gpuCount: number;
  /** The least memory of a task's GPUs together; undefined where any will do. */
  readonly minimumMemory?: Size;
  /** The type; undefined where any will do. */
  readonly typeName?: AcceleratorName;

  private constructor(where: string, count: number, minimumMemory?: Size, typeName?: AcceleratorName) {
    if (!Number.isInteger(count) || count < 1 || count > 8) throw new DeclarationError(where, 'count', count, 'a whole number, 1 to 8: no instance has more');
    this.gpuCount = count;
    if (minimumMemory !== undefined) this.minimumMemory = minimumMemory;
    if (typeName !== undefined) this.typeName = typeName;
  }
}

const nvidia = [
  AcceleratorName.T4, AcceleratorName.T4G, AcceleratorName.L4, AcceleratorName.A10G, AcceleratorName.L40S, AcceleratorName.V100, AcceleratorName.A100, AcceleratorName.H100,
];
