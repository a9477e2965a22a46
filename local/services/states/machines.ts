import { createHash } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { parseDefinition } from '../../states/index.ts';

/** A state machine as it was declared. */
export interface DeployedMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** ASL. */
  readonly definition: string;
  /** The digest under which the store keeps this definition, for executions that outlive it. */
  readonly revision: string;
  readonly creationDate: Date;
}

/** The state machines of the laptop, by ARN. */
export class Machines {
  readonly #context: LaptopContext;
  readonly #machines = new Map<string, DeployedMachine>();
  readonly #definitions: Collection<string>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#definitions = context.store.collection('states', 'definition');
  }

  /**
   * Takes up a state machine, or its new definition: what runs already goes on with the old one.
   * @throws {DefinitionError} when it cannot run
   */
  deploy(name: string, properties: Pick<DeployedMachine, 'roleArn' | 'type' | 'definition'>): DeployedMachine {
    parseDefinition(properties.definition);
    const revision = createHash('sha256').update(properties.definition).digest('hex');
    this.#definitions.put(revision, properties.definition);
    const arn = this.arn(name);
    const machine = { ...properties, arn, name, revision, creationDate: this.#machines.get(arn)?.creationDate ?? this.#context.clock.now() };
    this.#machines.set(arn, machine);
    return machine;
  }

  /** @throws {AwsError} StateMachineDoesNotExist */
  get(arn: string): DeployedMachine {
    const found = this.#machines.get(arn);
    if (found === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return found;
  }

  /** All state machines. */
  list(): DeployedMachine[] {
    return [...this.#machines.values()];
  }

  /** The definition of a revision, from the store. */
  definition(revision: string): string {
    const found = this.#definitions.get(revision);
    if (found === undefined) throw new Error(`The definition ${revision} is not in the store, though an execution names it.`);
    return found;
  }

  /** The ARN that a state machine of this name has. */
  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
  }

  /** Takes it out of service; its executions stay. */
  remove(arn: string): void {
    this.#machines.delete(arn);
  }
}
