import { AwsError } from '../../core/errors.ts';
import type { GroupProperties } from './types.ts';

/** The applications and deployment groups that templates declare. */
export class Registry {
  readonly applications = new Set<string>();
  readonly #groups = new Map<string, GroupProperties & { readonly DeploymentGroupName: string }>();

  /** Adds a group, or changes it. */
  put(group: GroupProperties & { readonly DeploymentGroupName: string }): void {
    this.#groups.set(`${group.ApplicationName}/${group.DeploymentGroupName}`, group);
  }

  /** Removes a group. */
  remove(application: string, name: string): void {
    this.#groups.delete(`${application}/${name}`);
  }

  /** @throws {AwsError} for an application or a group that is not there */
  get(application: string, name: string): GroupProperties & { readonly DeploymentGroupName: string } {
    this.application(application);
    const found = this.#groups.get(`${application}/${name}`);
    if (found === undefined) throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
    return found;
  }

  /** @throws {AwsError} ApplicationDoesNotExistException */
  application(name: string): string {
    if (!this.applications.has(name)) throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${name}`);
    return name;
  }

  /** The groups of an application. */
  groups(application: string): string[] {
    return [...this.#groups.values()].filter(({ ApplicationName }) => ApplicationName === application).map(({ DeploymentGroupName }) => DeploymentGroupName);
  }
}
