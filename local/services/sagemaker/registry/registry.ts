import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import { publishNews } from '../../events/publish.ts';
import { invalid } from '../validate.ts';
import { describePackage } from './describe.ts';
import type { GroupRecord, ModelPackageInput, PackageRecord } from './record.ts';

/** As many digits as version numbers are kept with, so that the store lists them in order. */
const versionDigits = 8;

/** The model registry: groups and their versions, which outlive the laptop. */
export class Registry {
  readonly #context: LaptopContext;
  readonly #groups: Collection<GroupRecord>;
  readonly #packages: Collection<PackageRecord>;
  /** Client tokens, and the package that each of them made. */
  readonly #tokens: Collection<string>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#groups = context.store.collection('sagemaker', 'model-package-group');
    this.#packages = context.store.collection('sagemaker', 'model-package');
    this.#tokens = context.store.collection('sagemaker', 'model-package-token');
  }

  /** Makes a group, or changes its description; what it holds stays. */
  putGroup(name: string, description: string | undefined): GroupRecord {
    const known = this.#groups.get(name);
    const record: GroupRecord = {
      name,
      arn: this.#arn('model-package-group', name),
      creationTime: known?.creationTime ?? this.#now(),
      lastVersion: known?.lastVersion ?? 0,
      ...(description === undefined ? {} : { description }),
    };
    this.#groups.put(name, record);
    return record;
  }

  /** The group of this name or ARN. */
  findGroup(nameOrArn: string): GroupRecord | undefined {
    return this.#groups.get(nameOrArn.split('/').at(-1) ?? '');
  }

  /** @throws {AwsError} ValidationException when there is none */
  group(nameOrArn: string): GroupRecord {
    const found = this.findGroup(nameOrArn);
    if (found === undefined) throw invalid(`ModelPackageGroup ${nameOrArn} does not exist.`);
    return found;
  }

  /** All groups. */
  groups(): GroupRecord[] {
    return this.#groups.list().map(({ value }) => value);
  }

  /** Removes a group that holds nothing. @returns whether it is gone */
  removeGroup(nameOrArn: string): boolean {
    const { name } = this.group(nameOrArn);
    if (this.packages(name).length > 0) return false;
    return this.#groups.delete(name);
  }

  /** Adds a package: the next version of its group. A client token that was used before answers the package that it made. */
  create(input: ModelPackageInput, createdBy: string): PackageRecord {
    const record = this.#context.store.transaction(() => {
      const { ClientToken: token } = input;
      const earlier = token === undefined ? undefined : this.#tokens.get(token);
      const existing = earlier === undefined ? undefined : this.#packages.get(earlier);
      if (existing !== undefined) return { existing };
      const created = input.ModelPackageGroupName === undefined ? this.#unversioned(input, createdBy) : this.#version(this.group(input.ModelPackageGroupName), input, createdBy);
      if (token !== undefined) this.#tokens.put(token, keyOf(created));
      return { created };
    });
    if (record.existing !== undefined) return record.existing;
    this.#tell(record.created, []);
    return record.created;
  }

  /** @throws {AwsError} ValidationException when there is none */
  package(nameOrArn: string): PackageRecord {
    const [name = '', version] = (nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn).split('/');
    const found = this.#packages.get(key(name, version === undefined ? undefined : Number(version)));
    if (found === undefined) throw invalid(`ModelPackage ${nameOrArn} does not exist.`);
    return found;
  }

  /** All packages, or those of one group in the order of their versions. */
  packages(group?: string): PackageRecord[] {
    return this.#packages.list(group === undefined ? '' : `${group}/`).map(({ value }) => value);
  }

  /** Writes changed members of a package, and tells the event bus which they were. */
  update(record: PackageRecord, changedMembers: readonly string[], lastModifiedBy: string): PackageRecord {
    const updated = { ...record, lastModifiedTime: this.#now(), lastModifiedBy };
    this.#packages.put(keyOf(updated), updated);
    this.#tell(updated, changedMembers);
    return updated;
  }

  /** Deletes a package. Its version number is not given again. */
  delete(nameOrArn: string): void {
    this.#packages.delete(keyOf(this.package(nameOrArn)));
  }

  #version(group: GroupRecord, input: ModelPackageInput, createdBy: string): PackageRecord {
    const version = group.lastVersion + 1;
    this.#groups.put(group.name, { ...group, lastVersion: version });
    return this.#keep({ ...input, ModelPackageGroupName: group.name, ModelApprovalStatus: input.ModelApprovalStatus ?? 'PendingManualApproval' }, group.name, version, createdBy);
  }

  #unversioned(input: ModelPackageInput, createdBy: string): PackageRecord {
    const name = input.ModelPackageName ?? '';
    if (this.#packages.get(key(name, undefined)) !== undefined) throw invalid(`Model Package already exists: ${this.#arn('model-package', name)}`);
    return this.#keep(input, name, undefined, createdBy);
  }

  #keep(input: ModelPackageInput, name: string, version: number | undefined, createdBy: string): PackageRecord {
    const now = this.#now();
    const record: PackageRecord = {
      arn: this.#arn('model-package', version === undefined ? name : `${name}/${version}`),
      name,
      ...(version === undefined ? {} : { version }),
      input,
      creationTime: now,
      createdBy,
      lastModifiedTime: now,
    };
    this.#packages.put(keyOf(record), record);
    return record;
  }

  #tell(record: PackageRecord, updatedFields: readonly string[]): void {
    const { ModelPackageStatusDetails: _details, ...detail } = describePackage(record);
    void publishNews(this.#context, 'sagemaker.amazonaws.com', {
      source: 'aws.sagemaker',
      detailType: 'SageMaker Model Package State Change',
      resources: [record.arn],
      detail: { ...detail, ...(updatedFields.length === 0 ? {} : { UpdatedModelPackageFields: updatedFields }) },
    });
  }

  #arn(type: string, name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sagemaker:${region}:${accountId}:${type}/${name}`;
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}

function keyOf({ name, version }: PackageRecord): string {
  return key(name, version);
}

function key(name: string, version: number | undefined): string {
  return version === undefined ? name : `${name}/${String(version).padStart(versionDigits, '0')}`;
}
