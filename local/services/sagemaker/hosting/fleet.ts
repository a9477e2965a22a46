import path from 'node:path';
import type { LaptopContext } from '../../../core/context.ts';
import type { Deployed, VariantInput, VariantState } from './record.ts';
import { Variant } from './variant.ts';

/** What a fleet is made of. */
export interface FleetOptions {
  readonly context: LaptopContext;
  readonly endpointName: string;
  readonly deployed: Deployed;
  readonly variants: Readonly<Record<string, VariantState>>;
  readonly folder: string;
  /** Abort it to give up a start. */
  readonly signal: AbortSignal;
}

/** A variant that did not come up. */
export class FleetStartError extends Error {
  override readonly name = 'FleetStartError';
}

/** All variants of one endpoint configuration, at work. */
export class Fleet {
  readonly deployed: Deployed;
  readonly variants: readonly Variant[];

  /**
   * Starts every variant; where one does not come up, none is left behind.
   * @throws {FleetStartError} with SageMaker's reason and the container's last words
   */
  static async start(options: FleetOptions): Promise<Fleet> {
    const started = await Promise.allSettled(options.deployed.config.ProductionVariants.map((variant) => startVariant(options, variant)));
    const variants = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed === undefined) return new Fleet(options.deployed, variants);
    await Promise.all(variants.map((variant) => variant.kill()));
    throw failed.reason;
  }

  private constructor(deployed: Deployed, variants: readonly Variant[]) {
    this.deployed = deployed;
    this.variants = variants;
  }

  /** The variants' weights and sizes. */
  get state(): Record<string, VariantState> {
    return Object.fromEntries(this.variants.map(({ name, state }) => [name, state]));
  }

  /**
   * The variant that a request meets: the one that it names, else one by weight; undefined where no variant takes traffic.
   * @param random from 0 up to but not 1
   */
  choose(name: string | undefined, random: number): Variant | undefined {
    if (name !== undefined) return this.variants.find((variant) => variant.name === name);
    const total = this.variants.reduce((sum, { state }) => sum + state.weight, 0);
    let left = random * total;
    return this.variants.find(({ state: { weight } }) => weight > 0 && (left -= weight) < 0);
  }

  /** Stops it once it has answered what it was asked. */
  async stop(): Promise<void> {
    await Promise.all(this.variants.map((variant) => variant.stop()));
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    await Promise.all(this.variants.map((variant) => variant.kill()));
  }
}

async function startVariant({ context, endpointName, deployed, variants, folder, signal }: FleetOptions, variant: VariantInput): Promise<Variant> {
  const model = deployed.models[variant.ModelName ?? ''];
  if (model === undefined) throw new Error(`The endpoint ${endpointName} was kept without the model of its variant ${variant.VariantName}.`);
  const state = variants[variant.VariantName] ?? { weight: 1 };
  try {
    return await Variant.start({ context, endpointName, variant, model, folder: path.join(folder, variant.VariantName), signal }, state);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.name === 'ServerStartError') {
      throw new FleetStartError(`The primary container for production variant ${variant.VariantName} did not pass the ping health check. Please check CloudWatch logs for this endpoint. ${reason}`);
    }
    throw new FleetStartError(`The model of the production variant ${variant.VariantName} cannot be deployed. ${reason}`);
  }
}
