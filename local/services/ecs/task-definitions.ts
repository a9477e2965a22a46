import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import type { TaskDefinitionInput, TaskDefinitionRecord } from './types.ts';

/** Wide enough for all revisions that there will ever be, so that they sort as numbers do. */
const digits = 8;

/** The task definitions of the laptop, with all their revisions. */
export class TaskDefinitions {
  readonly #context: LaptopContext;
  readonly #records: Collection<TaskDefinitionRecord>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#records = context.store.collection('ecs', 'task-definition');
  }

  /** Registers a new revision. @throws {AwsError} ClientException */
  register(input: TaskDefinitionInput): TaskDefinitionRecord {
    const { family, containerDefinitions = [] } = input;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(family ?? '')) throw new AwsError('ClientException', `Family '${family}' should be 1 to 255 letters, digits, hyphens and underscores.`);
    if (containerDefinitions.length === 0) throw new AwsError('ClientException', 'Container list cannot be empty.');
    for (const { name, image } of containerDefinitions) if (!name || !image) throw new AwsError('ClientException', `Container '${name}' of ${family} needs a name and an image.`);
    const revision = (this.revisions(family).at(-1)?.revision ?? 0) + 1;
    const { partition, region, accountId, clock } = this.#context;
    const record: TaskDefinitionRecord = { arn: `arn:${partition}:ecs:${region}:${accountId}:task-definition/${family}:${revision}`, family, revision, status: 'ACTIVE', registeredAt: clock.now().toISOString(), input };
    this.#put(record);
    return record;
  }

  /** All revisions of a family, the oldest first. */
  revisions(family: string): readonly TaskDefinitionRecord[] {
    return this.#records.list(`${family}/`).map(({ value }) => value);
  }

  /** All revisions of all families. */
  list(): readonly TaskDefinitionRecord[] {
    return this.#records.list().map(({ value }) => value);
  }

  /** By ARN, `family:revision`, or family (its latest revision). @throws {AwsError} ClientException */
  get(name: string): TaskDefinitionRecord {
    const [family = '', revision] = (name.split('task-definition/').at(-1) ?? '').split(':');
    const found = revision === undefined ? this.revisions(family).findLast(({ status }) => status === 'ACTIVE') : this.#records.get(`${family}/${revision.padStart(digits, '0')}`);
    if (found === undefined) throw new AwsError('ClientException', `Unable to describe task definition: ${name} does not exist.`);
    return found;
  }

  /** Takes a revision out of use; what runs by it goes on. */
  deregister(name: string): TaskDefinitionRecord {
    const record = { ...this.get(name), status: 'INACTIVE' as const };
    this.#put(record);
    return record;
  }

  #put(record: TaskDefinitionRecord): void {
    this.#records.put(`${record.family}/${String(record.revision).padStart(digits, '0')}`, record);
  }
}
