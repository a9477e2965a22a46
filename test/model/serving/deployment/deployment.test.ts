import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { advance, promote } from '../../../../model/serving/deployment/advance.ts';
import { type Change, goingUp, isWithdrawn } from '../../../../model/serving/deployment/change.ts';
import { deploy } from '../../../../model/serving/deployment/deploy.ts';
import { restore, rollBack, rollBackDeployment } from '../../../../model/serving/deployment/roll-back.ts';
import { situationOf } from '../../../../model/serving/deployment/situation.ts';
import { setTraffic } from '../../../../model/serving/deployment/traffic.ts';
import { rolloutPlanSchema } from '../../../../model/serving/deployment/plan.ts';
import { type DeploymentRecord, recordSchema } from '../../../../model/serving/record.ts';
import { type RolloutPlan, secondsOf, sharesOf, watchOf } from '../../../../model/spec/rollout-plan.ts';

const modelOf = (version: number, group = 'flights') => ({
  modelPackageArn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/${group}/${String(version)}`, modelName: group, modelVersion: String(version),
  artifact: { bucket: 'b', key: `models/${String(version)}`, sha256: 'a'.repeat(64), bytes: 5 },
});
const author = { run: 'run', now: new Date('2026-11-20T12:00:00Z') };
const allAtOnce: RolloutPlan = { kind: 'allAtOnce' };
const recordOf = (change: Change): DeploymentRecord => {
  if (change.kind !== 'write') throw new Error(change.why);
  return change.record;
};
/** A target on which versions were deployed to the end, one after the other. */
function deployed(...versions: number[]): DeploymentRecord {
  let record: DeploymentRecord | undefined;
  for (const version of versions) {
    record = recordOf(deploy(record, { id: `run-${String(version)}`, model: modelOf(version), plan: allAtOnce, explicit: true }, author));
    record = recordOf(advance(record, `run-${String(version)}`, 0, author));
  }
  return record!;
}
const versionsOf = ({ stable, canary }: DeploymentRecord) => [stable.modelVersion, canary?.model.modelVersion];

const plans = fc.oneof(
  fc.constant<RolloutPlan>(allAtOnce),
  fc.record({ kind: fc.constant('canary' as const), percent: fc.integer({ min: 1, max: 99 }), intervalSeconds: fc.integer({ min: 1, max: 604_800 }) }),
  fc.record({ kind: fc.constant('linear' as const), stepPercent: fc.integer({ min: 1, max: 50 }), intervalSeconds: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({ kind: fc.constant('split' as const), percent: fc.integer({ min: 0, max: 100 }) }),
);

describe('a plan', () => {
  it('gives shares that grow, none of which is all, and is watched for as long as they stay', () => {
    fc.assert(fc.property(plans, (plan) => {
      const shares = sharesOf(plan);
      expect(shares.every((share, index) => share > (shares[index - 1] ?? -1) && (share < 1 || plan.kind === 'split'))).toBe(true);
      const { seconds, times } = watchOf(plan);
      if (plan.kind === 'canary' || plan.kind === 'linear') {
        expect(seconds * times).toBeGreaterThanOrEqual(plan.intervalSeconds);
        expect(seconds * times).toBeLessThan(plan.intervalSeconds + times);
      }
      // Nine events a look, of the 25,000 that an execution may have.
      expect(times * Math.max(1, shares.length) * 9).toBeLessThan(20_000);
      expect(rolloutPlanSchema.safeParse(plan).success).toBe(secondsOf(plan) <= 1_209_600);
    }));
  });
});

const versions = fc.integer({ min: 1, max: 6 });
const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('deploy' as const), version: versions, plan: plans, explicit: fc.boolean(), supersedes: fc.boolean() }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('advance' as const), version: versions }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), version: versions }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollBack' as const), version: versions }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('promote' as const), version: versions }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('traffic' as const), version: versions, share: fc.integer({ min: 0, max: 100 }) }) },
  ),
  { maxLength: 30 },
);

/** Does what is asked for; undefined where it is refused. */
function apply(record: DeploymentRecord | undefined, command: Parameters<Parameters<typeof commands.map>[0]>[0][number], id: string): Change | undefined {
  try {
    switch (command.kind) {
      case 'deploy': return deploy(record, { id, model: modelOf(command.version), plan: command.plan, explicit: command.explicit, supersedes: command.supersedes }, author);
      case 'advance': return advance(record, record?.rollout?.id ?? '', record?.rollout?.step ?? 0, author);
      case 'fail': return rollBackDeployment(record, record?.rollout?.id ?? record?.ended?.id ?? '', 'failed', author);
      case 'rollBack': return rollBack(record, 'by hand', author);
      case 'promote': return promote(record, author);
      case 'traffic': return setTraffic(record, id, record === undefined ? [] : [{ model: record.stable, share: 1 - command.share / 100 }, { model: modelOf(command.version), share: command.share / 100 }], author);
    }
  } catch (error) {
    expect(['DeploymentInProgress', 'NotPossible']).toContain((error as Error).name);
    return undefined;
  }
}

describe('a record, whatever is done to it', () => {
  it('is sound: shares from 0 to 1, two different versions at most, none that was withdrawn, and a history without them', () => {
    fc.assert(fc.property(commands, (given) => {
      let record: DeploymentRecord | undefined;
      for (const [index, command] of given.entries()) {
        const change = apply(record, command, `id-${String(index)}`);
        if (change?.kind !== 'write') continue;
        const before = record;
        record = recordSchema.parse(change.record);
        expect(record).toEqual(change.record);
        const { stable, canary, rollout, history = [], withdrawn = [] } = record;
        const live = [stable, ...(canary === undefined ? [] : [canary.model])];
        expect(new Set(live.map(({ modelPackageArn }) => modelPackageArn)).size).toBe(live.length);
        for (const model of [...live, ...history]) expect(isWithdrawn(record, model.modelPackageArn)).toBe(false);
        expect(new Set(history.map(({ modelVersion }) => modelVersion)).size).toBe(history.length);
        expect(history.map(({ modelVersion }) => modelVersion)).not.toContain(stable.modelVersion);
        expect(history.length).toBeLessThanOrEqual(10);
        expect(withdrawn.length).toBeLessThanOrEqual(50);
        // What goes up never loses a share on its way.
        if (rollout !== undefined && rollout.id === before?.rollout?.id && rollout.plan.kind !== 'split') expect(canary?.weight ?? 1).toBeGreaterThanOrEqual(before.canary?.weight ?? 0);
        // Until it was tried out, a version that was not live meets nobody.
        if (command.kind === 'deploy' && before !== undefined && canary !== undefined && before.canary?.model.modelVersion !== canary.model.modelVersion) expect(canary.weight).toBe(0);
      }
    }), { numRuns: 1000 });
  });

  it('does nothing twice: the same step again changes nothing', () => {
    fc.assert(fc.property(commands, plans, (given, plan) => {
      let record: DeploymentRecord | undefined;
      for (const [index, command] of given.entries()) {
        const change = apply(record, command, `id-${String(index)}`);
        if (change?.kind === 'write') record = change.record;
      }
      const { id = '', step = 0 } = record?.rollout ?? {};
      const advanced = advance(record, id, step, author);
      if (advanced.kind === 'write') expect(advance(advanced.record, id, step, author).kind).toBe('keep');
      const back = rollBackDeployment(record, id, 'failed', author);
      if (back.kind === 'write') expect(rollBackDeployment(back.record, id, 'failed', author).kind).toBe('keep');
      const model = modelOf(9);
      const asked = apply(record, { kind: 'deploy', version: 9, plan, explicit: true, supersedes: true }, 'new');
      if (asked?.kind === 'write') expect(deploy(asked.record, { id: 'new', model, plan, explicit: true }, author).kind).toBe('keep');
    }), { numRuns: 300 });
  });

  it('a rollback of a rollback, and canaries in a row, never bring a withdrawn version back (fault 20)', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 10 }), (count, times) => {
      let record = deployed(...Array.from({ length: count }, (_, index) => index + 1));
      const gone = new Set<string>();
      for (let time = 0; time < times; time += 1) {
        const was = record.stable.modelVersion;
        if (record.history === undefined || record.history.length === 0) {
          expect(() => rollBack(record, 'again', author)).toThrow(/no version before it to go back to/);
          break;
        }
        record = recordOf(rollBack(record, 'again', author));
        gone.add(was);
        expect(gone).not.toContain(record.stable.modelVersion);
        expect(record.previous).toBe(modelOf(Number(was)).modelPackageArn);
      }
    }));
  });
});

describe('deploying', () => {
  test('the first model serves at once, and what is not of the record is not in it', () => {
    const record = recordOf(deploy(undefined, { id: 'a', model: modelOf(1), plan: { kind: 'canary', percent: 5, intervalSeconds: 60 } }, author));
    expect(record).toMatchObject({ previous: null, run: 'run', rollout: { id: 'a', step: 0 } });
    expect(record.stable).toEqual({ ...modelOf(1), artifact: { bucket: 'b', key: 'models/1', sha256: 'a'.repeat(64) } });
    expect(situationOf(record, 'a')).toMatchObject({ status: 'TRYING', first: true, weight: 1 });
  });

  test('a newer version goes up by number and not by text, and the one before is its history', () => {
    expect(deployed(9, 10)).toMatchObject({ stable: { modelVersion: '10' }, previous: modelOf(9).modelPackageArn, history: [{ modelVersion: '9' }] });
  });

  test('a late retry never brings an older version back, nor one that was withdrawn; whoever asks for it explicitly gets it', () => {
    const record = deployed(9, 10);
    expect(deploy(record, { id: 'late', model: modelOf(9), plan: allAtOnce }, author)).toMatchObject({ kind: 'keep', why: 'version 10 is served, which is newer than 9' });
    const back = recordOf(rollBack(record, 'worse', author));
    expect(deploy(back, { id: 'late', model: modelOf(10), plan: allAtOnce }, author)).toMatchObject({ kind: 'keep', why: expect.stringContaining('was withdrawn at 2026-11-20T12:00:00.000Z: worse') as string });
    expect(situationOf(back, 'late', modelOf(10))).toMatchObject({ status: 'ROLLED_BACK', reason: 'worse' });
    expect(versionsOf(recordOf(deploy(back, { id: 'again', model: modelOf(10), plan: allAtOnce, again: true }, author)))).toEqual(['9', '10']);
    expect(versionsOf(recordOf(deploy(record, { id: 'down', model: modelOf(9), plan: allAtOnce, explicit: true }, author)))).toEqual(['10', '9']);
  });

  test('an older version that is deployed in a newer one\'s place takes all above it back', () => {
    const record = deployed(1, 4, 2);
    expect(record.stable.modelVersion).toBe('2');
    expect(record.withdrawn?.map(({ modelPackageArn }) => modelPackageArn)).toEqual([4, 3].map((version) => modelOf(version).modelPackageArn));
    expect(record.history?.map(({ modelVersion }) => modelVersion)).toEqual(['1']);
  });

  test('versions of another group are not compared; a package without a version is refused', () => {
    expect(deploy(deployed(10), { id: 'x', model: modelOf(1, 'other'), plan: allAtOnce }, author).kind).toBe('write');
    const unversioned = { ...modelOf(1), modelPackageArn: modelOf(1).modelPackageArn.replace(/1$/, 'one') };
    expect(() => deploy(deployed(10), { id: 'x', model: unversioned, plan: allAtOnce }, author)).toThrow(/model-package\/flights\/one has no version, expected an ARN that ends in/);
  });

  test('one that is going on is not disturbed, unless a higher approved one takes its place or nobody has brought it to its end', () => {
    const going = recordOf(deploy(deployed(1), { id: 'run-2', model: modelOf(2), plan: { kind: 'linear', stepPercent: 10, intervalSeconds: 600 } }, author));
    const three = { id: 'run-3', model: modelOf(3), plan: allAtOnce };
    expect(() => deploy(going, three, author)).toThrow(/^Version 2 is being deployed \(run-2, 10 % more every 10 min, since 2026-11-20T12:00:00.000Z\), so that version 3 is not\. .*slipway promote finishes it, slipway rollback takes it back\.$/);
    expect(recordOf(deploy(going, { ...three, supersedes: true }, author))).toMatchObject({ canary: { model: { modelVersion: '3' }, weight: 0 }, ended: { id: 'run-2', outcome: 'superseded', modelPackageArn: modelOf(2).modelPackageArn } });
    // 90 minutes of steps, and two hours beyond.
    const later = (hours: number) => ({ ...author, now: new Date(author.now.getTime() + hours * 3_600_000) });
    expect(() => deploy(going, three, later(3.4))).toThrow(/is being deployed/);
    expect(versionsOf(recordOf(deploy(going, three, later(3.6))))).toEqual(['1', '3']);
    // The machine of the one that was overtaken finds out, and undoes nothing.
    const overtaken = recordOf(deploy(going, { ...three, supersedes: true }, author));
    expect(advance(overtaken, 'run-2', 0, author).kind).toBe('keep');
    expect(rollBackDeployment(overtaken, 'run-2', 'late', author).kind).toBe('keep');
    expect(situationOf(overtaken, 'run-2', modelOf(2))).toMatchObject({ status: 'SUPERSEDED', reason: 'version 3 was deployed' });
  });

  test('a test is not ended by a deployment', () => {
    const split = recordOf(advance(recordOf(setTraffic(deployed(1), 't', [{ model: modelOf(1), share: 0.7 }, { model: modelOf(2), share: 0.3 }], author)), 't', 0, author));
    expect(() => deploy(split, { id: 'x', model: modelOf(3), plan: allAtOnce }, author)).toThrow(/^Version 2 takes 30 % of the requests beside version 1, so that version 3 is not deployed\. End the test first/);
    expect(recordOf(deploy(split, { id: 'x', model: modelOf(2), plan: allAtOnce, explicit: true }, author)).canary?.weight).toBe(0.3);
  });
});

describe('taking back', () => {
  test('a version whose deployment had come to its end, as long as nothing was deployed since', () => {
    const record = deployed(1, 2);
    expect(versionsOf(recordOf(rollBackDeployment(record, 'run-2', 'failed', author)))).toEqual(['1', undefined]);
    expect(rollBackDeployment(deployed(1, 2, 3), 'run-2', 'late', author).kind).toBe('keep');
    expect(situationOf(recordOf(rollBackDeployment(record, 'run-2', 'failed', author)), 'run-2')).toMatchObject({ status: 'ROLLED_BACK', reason: 'failed', servedVersion: '1' });
  });

  test('nothing where there is nothing', () => {
    expect(() => rollBack(undefined, 'r', author)).toThrow(/Nothing was deployed yet/);
    expect(() => rollBack(deployed(1), 'r', author)).toThrow(/Version 1 has no version before it to go back to\. Deploy another one: slipway deploy VERSION\./);
    expect(() => promote(deployed(1), author)).toThrow(/There is no version beside the stable one, 1/);
  });

  test('a stable version that is rejected is replaced at once, beside a canary that goes on or is that version', () => {
    const going = recordOf(deploy(deployed(1, 2), { id: 'run-3', model: modelOf(3), plan: allAtOnce }, author));
    expect(recordOf(restore(going, modelOf(1), true, author))).toMatchObject({ stable: { modelVersion: '1' }, canary: { model: { modelVersion: '3' } }, rollout: { id: 'run-3' } });
    expect(versionsOf(recordOf(restore(going, modelOf(3), true, author)))).toEqual(['3', undefined]);
    expect(versionsOf(recordOf(restore(going, modelOf(1), false, author)))).toEqual(['1', undefined]);
  });
});

describe('shares', () => {
  const two = (share: number, version = 2) => [{ model: modelOf(1), share: 1 - share }, { model: modelOf(version), share }];

  test('of a test change at once where both are live, and end it either way', () => {
    const split = recordOf(advance(recordOf(setTraffic(deployed(1), 't', two(0.3), author)), 't', 0, author));
    expect(split).toMatchObject({ canary: { weight: 0.3 }, ended: { id: 't', outcome: 'completed' } });
    expect(recordOf(setTraffic(split, 'u', two(0), author))).toMatchObject({ canary: { weight: 0 } });
    expect(setTraffic(split, 'u', two(0.3), author).kind).toBe('keep');
    const stopped = recordOf(setTraffic(split, 'u', [{ model: modelOf(1), share: 1 }], author));
    expect([versionsOf(stopped), stopped.withdrawn]).toEqual([['1', undefined], undefined]);
    expect(versionsOf(recordOf(setTraffic(split, 'u', [{ model: modelOf(2), share: 1 }], author)))).toEqual(['2', undefined]);
  });

  test.each<[string, DeploymentRecord | undefined, ReturnType<typeof two>, RegExp]>([
    ['before anything was deployed', undefined, two(0.5), /Nothing was deployed yet/],
    ['that are not all', deployed(1), [{ model: modelOf(1), share: 0.5 }, { model: modelOf(2), share: 0.4 }], /The shares are 1=50 %, 2=40 %, expected one version with 100 %, or two that are 100 % together/],
    ['of versions of which none is stable', deployed(1), [{ model: modelOf(2), share: 0.5 }, { model: modelOf(3), share: 0.5 }], /Version 1 is the stable one, expected it among the shares/],
    ['of one version that is not live', deployed(1), [{ model: modelOf(2), share: 1 }], /slipway deploy makes another version stable/],
    ['while a deployment is going on', recordOf(deploy(deployed(1), { id: 'run-2', model: modelOf(2), plan: allAtOnce }, author)), two(0.5), /Version 2 is being deployed \(run-2, .*its shares follow its plan/],
  ])('%s are refused', (_what, record, shares, message) => {
    expect(() => setTraffic(record, 't', shares, author)).toThrow(message);
  });
});

test('a version that is served already has all requests, but for those of a canary', () => {
  expect(situationOf(deployed(1), 'x', modelOf(1))).toMatchObject({ status: 'COMPLETED', weight: 1 });
});

test('goingUp is the canary, else the stable version', () => {
  expect(goingUp(deployed(1)).modelVersion).toBe('1');
});
