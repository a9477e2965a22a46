import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import { invalid } from '../validate.ts';
import { checkConfig, checkModel } from './check.ts';
import type { ConfigInput, Kept, ModelInput } from './record.ts';

/** Things that are created once, described, listed and deleted, and never change. */
class Shelf<Input> {
  readonly #context: LaptopContext;
  readonly #kind: string;
  readonly #noun: string;
  readonly #items: Collection<Kept<Input>>;

  /** @param kind as in the ARN @param noun as in SageMaker's errors */
  constructor(context: LaptopContext, kind: string, noun: string) {
    this.#context = context;
    this.#kind = kind;
    this.#noun = noun;
    this.#items = context.store.collection('sagemaker', kind);
  }

  /** @throws {AwsError} ValidationException when there is one of this name */
  create(name: string, input: Input): Kept<Input> {
    if (this.#items.get(name) !== undefined) throw invalid(`Cannot create already existing ${this.#noun} "${this.#arn(name)}".`);
    return this.put(name, input);
  }

  /** Creates it, or takes the place of one. */
  put(name: string, input: Input): Kept<Input> {
    const item = { name, arn: this.#arn(name), input, creationTime: this.#items.get(name)?.creationTime ?? this.#context.clock.now().toISOString() };
    this.#items.put(name, item);
    return item;
  }

  find(name: string): Kept<Input> | undefined {
    return this.#items.get(name);
  }

  /** @throws {AwsError} ValidationException when there is none */
  get(name: string): Kept<Input> {
    const found = this.#items.get(name);
    if (found === undefined) throw invalid(`Could not find ${this.#noun} "${this.#arn(name)}".`);
    return found;
  }

  list(): Kept<Input>[] {
    return this.#items.list().map(({ value }) => value);
  }

  /** @throws {AwsError} ValidationException when there is none */
  delete(name: string): void {
    this.get(name);
    this.#items.delete(name);
  }

  #arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sagemaker:${region}:${accountId}:${this.#kind}/${name.toLowerCase()}`;
  }
}

/** The models of the laptop. */
export class Models extends Shelf<ModelInput> {
  constructor(context: LaptopContext) {
    super(context, 'model', 'model');
  }

  override put(name: string, input: ModelInput): Kept<ModelInput> {
    checkModel(input);
    return super.put(name, input);
  }
}

/** The endpoint configurations of the laptop. */
export class EndpointConfigs extends Shelf<ConfigInput> {
  readonly #models: Models;

  constructor(context: LaptopContext, models: Models) {
    super(context, 'endpoint-config', 'endpoint configuration');
    this.#models = models;
  }

  override put(name: string, input: ConfigInput): Kept<ConfigInput> {
    checkConfig(input);
    for (const { ModelName: model } of input.ProductionVariants) this.#models.get(model ?? '');
    return super.put(name, input);
  }
}
