import { randomBytes } from 'node:crypto';
import type { Caller } from '../core/call.ts';
import { machineTime } from '../core/clock.ts';
import type { Clock, Credentials, Identity } from '../core/context.ts';
import type { Store } from '../core/store.ts';

/** How long a role session lasts: as long as Lambda's and SageMaker's own at most. */
const sessionMilliseconds = 12 * 60 * 60 * 1000;

/** Longer than any laptop runs. */
const lastingMilliseconds = 365 * 24 * 60 * 60 * 1000;

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** For a role session. */
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** ISO time. */
  readonly expiration?: string;
}

/** What identities are made of. */
export interface IdentityOptions {
  readonly store: Store;
  readonly accountId: string;
  readonly partition: string;
  readonly clock: Clock;
}

const operatorName = 'operator';

/** Opens the identities of a laptop: keys last with the state, so that clients outlive a restart. */
export function createIdentity({ store, accountId, partition, clock }: IdentityOptions): Identity {
  const keys = store.collection<AccessKey>('iam', 'access-key');
  const owners = store.collection<string>('iam', 'long-lived-key');
  const operator: Caller = { kind: 'operator', arn: `arn:${partition}:iam::${accountId}:user/${operatorName}`, accountId };
  forgetExpired();

  function forgetExpired(): void {
    for (const { id, value } of keys.list()) if (isOver(value)) keys.delete(id);
  }

  function isOver(key: AccessKey): boolean {
    return key.expiration !== undefined && key.expiration <= clock.now().toISOString();
  }

  function operatorKey(): Credentials {
    const known = keys.get(owners.get(operatorName) ?? '');
    if (known) return { accessKeyId: known.accessKeyId, secretAccessKey: known.secretAccessKey };
    const key = { accessKeyId: accessKeyId('AKIA'), secretAccessKey: secret(30) };
    store.transaction(() => {
      keys.put(key.accessKeyId, key);
      owners.put(operatorName, key.accessKeyId);
    });
    return key;
  }

  function role(roleArn: string, sessionName = 'laptop'): Caller {
    const [, , , roleAccount = accountId, resource = ''] = roleArn.match(/^arn:([^:]+):(iam)::(\d*):role\/(.+)$/) ?? [];
    // A session names the role without its path.
    const roleName = resource.split('/').at(-1) ?? '';
    if (roleName === '') throw new Error(`"${roleArn}" is no role ARN: expected arn:${partition}:iam::<account>:role/<name>.`);
    return { kind: 'role', arn: `arn:${partition}:sts::${roleAccount}:assumed-role/${roleName}/${sessionName}`, accountId: roleAccount, roleArn };
  }

  return {
    operator,
    operatorCredentials: operatorKey(),
    role,
    service: (principal) => ({ kind: 'service', arn: principal, accountId }),
    credentialsFor(roleArn, sessionName = 'laptop', { lasting = false } = {}) {
      role(roleArn, sessionName);
      const expiration = new Date(clock.now().getTime() + machineTime(clock, lasting ? lastingMilliseconds : sessionMilliseconds));
      const session = { accessKeyId: accessKeyId('ASIA'), secretAccessKey: secret(30), sessionToken: secret(96) };
      keys.put(session.accessKeyId, { ...session, roleArn, sessionName, expiration: expiration.toISOString() });
      return { ...session, expiration };
    },
    callerOf(id) {
      const key = keys.get(id);
      if (!key || isOver(key)) return undefined;
      return key.roleArn === undefined ? operator : role(key.roleArn, key.sessionName);
    },
  };
}

/** Twenty characters, the last sixteen of AWS's alphabet for key ids (base 32). */
function accessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
