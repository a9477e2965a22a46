import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { generator } from '../../model/evaluation/random.ts';
import { RolloutWorld } from './rollout-world.ts';

let world: RolloutWorld;
afterEach(() => world.close());

/** A target on which versions were deployed, one after the other. */
async function open(...versions: number[]): Promise<void> {
  world = await RolloutWorld.open();
  for (const version of versions) {
    await world.register(version);
    expect((await world.cli('deploy', String(version))).exitCode).toBe(0);
  }
}

describe('slipway deploy', () => {
  it('brings a version to a target, by number or the latest, and says how it ended', async () => {
    await open(1);
    await world.register(2);
    const { stdout, exitCode } = await world.cli('deploy', 'latest', '--target', 'production');
    expect([exitCode, stdout.split('\n').at(-2)]).toEqual([0, '✓ Version 2 serves production.']);
    expect(stdout).toMatch(/✓ tried out .*\n✓ version 2 is the stable version\n/);
    expect(await world.record()).toMatchObject({ stable: { modelName: 'flights', modelVersion: '2', metrics: { auc: 0.75 } }, run: 'arn:aws:iam::000000000000:user/operator' });
    expect(await world.json('deploy', '2')).toMatchObject({ status: 'COMPLETED', target: 'production', version: '2', servedVersion: '2', weight: 1 });
  });

  it('takes a version back that fails its test: exit code 1, with the reason', async () => {
    await open(1);
    await world.register(2);
    world.failing = new Set(['2']);
    const { stdout, exitCode } = await world.cli('deploy', '2');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ RolledBack: SmokeTestFailed: version 2 answered 500');
    expect(await world.record()).toMatchObject({ stable: { modelVersion: '1' }, withdrawn: [{ reason: 'SmokeTestFailed: version 2 answered 500' }] });
    // Whoever asks tells of it.
    expect(world.messages).toEqual([]);
  });

  it('refuses production a version that is not approved, and a version or a target that is not there', async () => {
    await open(1);
    await world.register(2, 'PendingManualApproval');
    expect((await world.cli('deploy', '2')).error).toBe('Version 2 is PendingManualApproval, and production is production, which serves approved versions alone: slipway approve 2 first.');
    expect((await world.cli('deploy', '7')).error).toContain('models has no version 7: it has 2, 1');
    expect((await world.cli('deploy', '1', '--target', 'blue')).error).toBe("There is no target 'blue', expected one of production.");
    await world.approve(2);
    expect((await world.cli('deploy', '2')).exitCode).toBe(0);
  });

  it.each([
    [['--canary', '10', '--all-at-once'], /--canary and --all-at-once are given, expected one of them/],
    [['--interval', '5m'], /--interval is given without --canary or --linear/],
    [['--linear', '60'], /--linear is 60, expected 1 to 50/],
  ])('refuses %j', async (args, message) => {
    await open();
    expect((await world.cli('deploy', '1', ...args)).error).toMatch(message);
  });

  it('by two at once: one wins, the other says so and names it', async () => {
    await open(1);
    await world.register(2);
    await world.register(3);
    await world.json('deploy', '2', '--canary', '10', '--interval', '1h', '--detach');
    for (const deadline = Date.now() + 10_000; (await world.record()).rollout === undefined && Date.now() < deadline; ) await new Promise((resolve) => { setTimeout(resolve, 20); });
    const { stdout, exitCode } = await world.cli('deploy', '3');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ DeploymentInProgress: Version 2 is being deployed \(deploy-\d+, 10 % for 1 h, then all, since .*slipway promote finishes it, slipway rollback takes it back/);
    expect(await world.json('promote')).toMatchObject({ status: 'CHANGED', servedVersion: '2' });
    expect((await world.record()).rollout).toBeUndefined();
  });
});

describe('slipway rollback and promote', () => {
  it('take the version back, for good, until it is deployed again', async () => {
    await open(1, 2, 3);
    expect((await world.cli('rollback', '--reason', 'worse in the evening')).stdout).toBe('✓ Version 2 serves production.\n');
    expect(await world.record()).toMatchObject({ stable: { modelVersion: '2' }, withdrawn: [{ reason: 'worse in the evening' }] });
    expect(await world.json('rollback')).toMatchObject({ status: 'CHANGED', servedVersion: '1' });
    const nothing = await world.cli('rollback');
    expect([nothing.exitCode, nothing.stdout]).toEqual([1, expect.stringContaining('✗ NotPossible: Version 1 has no version before it to go back to. Deploy another one: slipway deploy VERSION.')]);
    expect((await world.cli('promote')).stdout).toContain('✗ NotPossible: There is no version beside the stable one, 1: there is nothing to promote.');
    expect(await world.json('deploy', '3')).toMatchObject({ servedVersion: '3' });
  });
});

describe('slipway traffic', () => {
  it('shares requests out between two versions, compares them, and ends the test either way', async () => {
    await open(1);
    await world.register(2);
    expect((await world.cli('traffic', '1=70', '2=30')).stdout).toContain('✓ Version 2 has 30 % of the requests of production, version 1 the others.');
    expect(await world.record()).toMatchObject({ canary: { weight: 0.3 } });
    expect((await world.cli('traffic')).stdout).toContain('No requests of both versions yet: nothing to compare.');
    await world.report('1', 'stable', 7000, 70);
    await world.report('2', 'canary', 3000, 90);
    const outcomes = path.join(world.state, 'outcomes.jsonl');
    writeFileSync(outcomes, `${Array.from({ length: 400 }, (_, row) => JSON.stringify({ modelVersion: String(1 + (row % 2)), outcome: row % (row % 2 === 0 ? 20 : 5) < 2 ? 1 : 0 })).join('\n')}\n`);
    const report = await world.json('traffic', '--since', '1h', '--outcomes', outcomes);
    expect(report).toMatchObject({
      target: 'production', versions: [{ version: '1', share: 0.7, requests: 7000, errors: 70 }, { version: '2', share: 0.3, requests: 3000, errors: 90, p99LatencyMs: 5 }],
      comparison: { measures: [{ name: 'error rate', stable: 0.01, canary: 0.03, significant: true }, { name: 'outcome', observations: { stable: 200, canary: 200 }, significant: true }] },
    });
    const { stdout } = await world.cli('traffic', '--since', '1h');
    expect(stdout).toMatch(/version 2 +30 % {2}3,000 requests, 90 errors, latency 5.0 ms \(p99 5.0 ms\)/);
    expect(stdout).toMatch(/error rate +1.00 % +3.00 % +\+2.00 % +\+1.\d\d % to \+2.\d\d % +<0.001 +\d+ {2}significant \(two proportions\)/);
    expect(stdout).toContain('A p value holds for one look');
    expect((await world.cli('traffic', '1=100')).stdout).toBe('✓ Version 1 serves production.\n');
    expect((await world.record()).canary).toBeUndefined();
  });

  it.each([[['1=50', '2=40'], /The shares are 1=50 %, 2=40 %, expected one version with 100 %/], [['2=100'], /Version 1 is the stable one, expected it among the shares/]])('refuses %j', async (shares, message) => {
    await open(1);
    await world.register(2);
    const { stdout, exitCode } = await world.cli('traffic', ...shares);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(message)]);
  });

  it('says so where nothing was deployed, and where an outcome is none', async () => {
    await open();
    expect((await world.cli('traffic')).error).toContain('Nothing was deployed to production yet');
    await world.register(1);
    await world.cli('deploy', '1');
    const file = path.join(world.state, 'bad.jsonl');
    writeFileSync(file, '{"modelVersion":"1","outcome":1}\n{"version":1}\n');
    expect((await world.cli('traffic', '--outcomes', file)).error).toBe(`${file}:2 is {"version":1}, expected {"modelVersion": "3", "outcome": 1}.`);
  });
});

describe('a canary whose alarm is raised', () => {
  it('is rolled back by itself; once the revalidation time has passed, no request meets it (fault 19)', async () => {
    const revalidateMs = 5000;
    // Five minutes pass in a second.
    world = await RolloutWorld.open({ speed: 300, revalidateMs });
    await world.register(1);
    await world.cli('deploy', '1');
    await world.register(2);
    const random = generator(5);
    const servers = [world.server(revalidateMs, random), world.server(revalidateMs, random)];
    const { clock } = world.bench.context;
    const met: { readonly version: string; readonly at: number }[] = [];
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) {
        const roles = new Map<string, { version: string; requests: number }>();
        for (let request = 0; request < 200; request += 1) {
          const at = clock.now().getTime();
          const { identity, role } = await servers[request % 2]!.choose();
          met.push({ version: identity.modelVersion, at });
          roles.set(role, { version: identity.modelVersion, requests: (roles.get(role)?.requests ?? 0) + 1 });
        }
        // Version 2 answers every second request with a 500.
        for (const [role, { version, requests }] of roles) await world.report(version, role, requests, version === '2' ? Math.ceil(requests / 2) : 0);
        await clock.sleep(3000, AbortSignal.timeout(60_000));
      }
    })();
    const result = await world.cli('deploy', '2', '--canary', '20', '--interval', '20m');
    const reported = clock.now().getTime();
    await clock.sleep(30_000, AbortSignal.timeout(60_000));
    isOver = true;
    await traffic;
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/✓ version 2 has 20 % of the requests\n✗? ?.*✓ version 2 was taken back: AlarmRaised: In alarm: canary-errors/s);
    expect(await world.record()).toMatchObject({ stable: { modelVersion: '1' }, ended: { outcome: 'rolledBack' } });
    expect(met.filter(({ version }) => version === '2').length).toBeGreaterThan(10);
    // The rollback has waited for the readers before it said that it is done.
    expect(met.filter(({ version, at }) => version === '2' && at >= reported)).toEqual([]);
    expect(met.filter(({ at }) => at >= reported).length).toBeGreaterThan(200);
  }, 60_000);
});
