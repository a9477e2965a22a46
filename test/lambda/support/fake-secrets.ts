/** A version of a secret. */
interface SecretVersion {
  value: string | undefined;
  readonly stages: Set<string>;
}

/** As much of Secrets Manager as the handlers use. */
export class FakeSecrets {
  readonly secrets = new Map<string, Map<string, SecretVersion>>();
  reads = 0;
  private versions = 0;

  /** Puts a value as the current one. */
  put(secret: string, value: string, version = `version-${String((this.versions += 1))}`, stages: readonly string[] = ['AWSCURRENT']): void {
    const versions = this.secrets.get(secret) ?? new Map<string, SecretVersion>();
    this.secrets.set(secret, versions);
    for (const other of versions.values()) for (const stage of stages) other.stages.delete(stage);
    versions.set(version, { value, stages: new Set(stages) });
  }

  /** Announces a version without a value, as Secrets Manager does before a rotation. */
  announce(secret: string, version: string): void {
    this.secrets.get(secret)!.set(version, { value: undefined, stages: new Set(['AWSPENDING']) });
  }

  /** The current value. */
  current(secret: string): string {
    return [...this.secrets.get(secret)!.values()].find(({ stages }) => stages.has('AWSCURRENT'))?.value ?? '';
  }

  /** Undefined where it is no operation of Secrets Manager. */
  answer(operation: string, input: Readonly<Record<string, unknown>>): { status: number; value: unknown } | undefined {
    const versions = this.secrets.get(String(input['SecretId']));
    const missing = { status: 400, value: { __type: 'ResourceNotFoundException', message: 'no such secret or version' } };
    switch (operation) {
      case 'GetSecretValue': {
        this.reads += 1;
        const id = input['VersionId'];
        const found = typeof id === 'string' ? versions?.get(id) : [...(versions?.values() ?? [])].find(({ stages }) => stages.has('AWSCURRENT'));
        return found?.value === undefined ? missing : { status: 200, value: { SecretString: found.value } };
      }
      case 'PutSecretValue': {
        if (versions === undefined) return missing;
        const token = String(input['ClientRequestToken']);
        const known = versions.get(token);
        if (known?.value !== undefined && known.value !== input['SecretString']) return { status: 400, value: { __type: 'ResourceExistsException', message: 'another value' } };
        this.put(String(input['SecretId']), String(input['SecretString']), token, (input['VersionStages'] as string[] | undefined) ?? ['AWSCURRENT']);
        return { status: 200, value: {} };
      }
      case 'DescribeSecret':
        return versions === undefined ? missing : { status: 200, value: { VersionIdsToStages: Object.fromEntries([...versions].map(([id, { stages }]) => [id, [...stages]])) } };
      case 'UpdateSecretVersionStage': {
        const stage = String(input['VersionStage']);
        const from = input['RemoveFromVersionId'];
        if (typeof from === 'string' && versions?.get(from)?.stages.delete(stage) !== true) return { status: 400, value: { __type: 'InvalidParameterException', message: 'the stage is on another version' } };
        versions?.get(String(input['MoveToVersionId']))?.stages.add(stage);
        return { status: 200, value: {} };
      }
      default:
        return undefined;
    }
  }
}
