import { expect, test } from 'vitest';
import { generator } from '../../../../model/evaluation/random.ts';
import { advance } from '../../../../model/serving/deployment/advance.ts';
import type { Change } from '../../../../model/serving/deployment/change.ts';
import { deploy } from '../../../../model/serving/deployment/deploy.ts';
import { rollBackDeployment } from '../../../../model/serving/deployment/roll-back.ts';
import { LiveModels } from '../../../../model/serving/live-models.ts';
import type { LoadedModel } from '../../../../model/serving/loaded-model.ts';
import type { DeploymentRecord } from '../../../../model/serving/record.ts';

const revalidateMs = 5000;
const modelOf = (version: number) => ({
  modelPackageArn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/${String(version)}`, modelName: 'flights', modelVersion: String(version),
  artifact: { bucket: 'b', key: String(version), sha256: String(version).repeat(64) },
});
const author = { run: 'run', now: new Date(0) };

/** A target: its record, and servers that follow it on one clock, each in its own time. */
class Target {
  clock = 0;
  record: DeploymentRecord | undefined;
  private revision = 0;
  readonly servers: LiveModels[];

  constructor(servers: number, random: () => number) {
    this.servers = Array.from({ length: servers }, () => new LiveModels({
      readRecord: (etag) => Promise.resolve(this.record === undefined ? { kind: 'absent' } : etag === String(this.revision) ? { kind: 'unchanged' } : { kind: 'record', record: this.record, etag: String(this.revision) }),
      load: () => Promise.resolve({ close: () => Promise.resolve() } as unknown as LoadedModel),
      now: () => this.clock,
      random,
      onFailure: (_what, error) => { throw error; },
      onLoaded: () => undefined,
    }, revalidateMs));
  }

  write(change: Change): void {
    if (change.kind !== 'write') throw new Error(change.why);
    this.record = change.record;
    this.revision += 1;
  }

  /** The versions that requests meet, one after the other, at servers in turn. */
  async asked(requests: number, everyMs = 0): Promise<string[]> {
    const versions: string[] = [];
    for (let request = 0; request < requests; request += 1) {
      this.clock += everyMs;
      versions.push((await this.servers[request % this.servers.length]!.choose()).identity.modelVersion);
    }
    return versions;
  }
}

function onTheWay(weight: number, random: () => number, servers = 4): Target {
  const target = new Target(servers, random);
  target.write(deploy(undefined, { id: 'first', model: modelOf(1), plan: { kind: 'allAtOnce' } }, author));
  target.write(advance(target.record, 'first', 0, author));
  target.write(deploy(target.record, { id: 'second', model: modelOf(2), plan: { kind: 'canary', percent: weight * 100, intervalSeconds: 600 } }, author));
  return target;
}

test.each([0.01, 0.1, 0.5])('100,000 requests are shared out by a weight of %d within statistical error', async (weight) => {
  const target = onTheWay(weight, generator(7));
  // While it is tried out, it meets nobody.
  expect(new Set(await target.asked(1000))).toEqual(new Set(['1']));
  target.write(advance(target.record, 'second', 0, author));
  target.clock += revalidateMs;
  const requests = 100_000;
  const met = (await target.asked(requests)).filter((version) => version === '2').length;
  // Four standard deviations of a binomial count: once in 16,000 seeds.
  expect(Math.abs(met - requests * weight)).toBeLessThan(4 * Math.sqrt(requests * weight * (1 - weight)));
});

test('once the revalidation time has passed since a rollback, no request meets the version that was taken back (fault 19)', async () => {
  const target = onTheWay(0.5, generator(11), 7);
  target.write(advance(target.record, 'second', 0, author));
  // Servers read the record whenever they are asked, so that each is somewhere else in its five seconds.
  expect(new Set(await target.asked(2000, 37))).toEqual(new Set(['1', '2']));
  target.write(rollBackDeployment(target.record, 'second', 'AlarmRaised', author));
  const at = target.clock;
  const still = await target.asked(200, 13);
  expect(still).toContain('2');
  target.clock = at + revalidateMs;
  expect(new Set(await target.asked(5000, 1))).toEqual(new Set(['1']));
});
