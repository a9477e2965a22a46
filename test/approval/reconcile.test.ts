import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDecision } from '../../lambda/shared/approvals/audit.ts';
import type { AuditedDecision } from '../../lambda/shared/approvals/audit.ts';
import { outcomeOf } from '../../lambda/decide-approval/outcome.ts';
import { WriteConflict } from '../../lambda/shared/errors.ts';
import { versionOf } from '../../model/spec/model-package.ts';
import { advance } from '../../model/serving/deployment/advance.ts';
import { goingUp } from '../../model/serving/deployment/change.ts';
import { rollBack, rollBackDeployment } from '../../model/serving/deployment/roll-back.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { reconcile } from '../../lambda/shared/release/reconcile.ts';
import type { ReleaseWorld } from '../../lambda/shared/release/reconcile.ts';
import { arnOf } from './world.ts';

type Status = 'Approved' | 'Rejected' | 'PendingManualApproval';

const modelOf = (version: number) => ({ modelPackageArn: arnOf(version), modelName: 'flights', modelVersion: String(version), artifact: { bucket: 'b', key: String(version), sha256: 'a'.repeat(64) } });

/** A registry, approvals and a record in memory; each call waits for its turn. */
class Memory implements ReleaseWorld {
  readonly statuses = new Map<number, Status>();
  readonly askedAbout = new Set<number>();
  readonly history: DeploymentRecord[] = [];
  turn: <T>(call: () => T) => Promise<T> = (call) => Promise.resolve(call());
  /** So many of the next writes succeed, and the caller dies before it hears of it. */
  dies = 0;

  async readRecord() {
    return this.turn(() => {
      const record = this.history.at(-1);
      return record === undefined ? undefined : { record, etag: String(this.history.length) };
    });
  }

  async writeRecord(record: DeploymentRecord, replaced: { readonly etag: string } | undefined) {
    return this.turn(() => {
      if ((replaced?.etag ?? '0') !== String(this.history.length)) throw new WriteConflict('another was first');
      this.history.push(record);
      if (this.dies-- > 0) throw new Error('died');
    });
  }

  async candidates() {
    return this.turn(() => [...this.statuses.keys()].sort((a, b) => b - a).map(arnOf));
  }

  async isApproved(arn: string) {
    return this.turn(() => this.statuses.get(Number(versionOf(arn))) === 'Approved');
  }

  async releasable(arn: string) {
    return this.turn(() => (this.askedAbout.has(Number(versionOf(arn))) ? { model: modelOf(Number(versionOf(arn))), run: `run-${versionOf(arn)}` } : undefined));
  }

  /** What production serves, or is on its way to. */
  get served(): number | undefined {
    const record = this.history.at(-1);
    return record === undefined ? undefined : Number(goingUp(record).modelVersion);
  }

  /** The rollout machine brings what goes up to its end. */
  endRollout(): void {
    const record = this.history.at(-1);
    const change = advance(record, record?.rollout?.id ?? '', record?.rollout?.step ?? 0, { run: record?.run ?? '', now: new Date(0) });
    if (change.kind === 'write') this.history.push(change.record);
  }

  /** What production should serve; undefined where nothing is approved. */
  get wanted(): number | undefined {
    const approved = [...this.statuses].filter(([version, status]) => status === 'Approved' && this.askedAbout.has(version)).map(([version]) => version);
    return approved.length === 0 ? undefined : Math.max(...approved);
  }
}

const versions = fc.integer({ min: 1, max: 5 });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('decide' as const), version: versions, status: fc.constantFrom<Status>('Approved', 'Approved', 'Rejected', 'PendingManualApproval') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask' as const), version: versions }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), version: versions }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), version: versions }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), version: versions }) },
  ),
  { maxLength: 25 },
);
const now = () => new Date(0);
const how = { id: 'run', plan: { kind: 'allAtOnce' } } as const;

describe('the record of production', () => {
  it('names the highest approved version after each event, in whatever order they come, and is written only when that changes', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const memory = new Memory();
        for (const { kind, version, ...step } of given) {
          const before = memory.wanted;
          const written = memory.history.length;
          if (kind === 'ask') memory.askedAbout.add(version);
          if (kind === 'decide') memory.statuses.set(version, (step as { status: Status }).status);
          if (kind === 'end') memory.endRollout();
          if (kind === 'die') {
            memory.dies = 1;
            await reconcile(memory, how, now).catch(() => undefined);
            memory.dies = 0;
          }
          const served = memory.served;
          const release = await reconcile(memory, how, now);
          // Where none is approved, what was served serves on.
          expect(memory.served).toBe(memory.wanted ?? served);
          expect(release.approved).toBe(memory.wanted !== undefined);
          // One write at most for a decision; a rejected version that is stable goes even while a higher one is on its way up.
          expect(memory.history.length - written).toBeLessThanOrEqual(1 + (kind === 'end' ? 1 : 0));
          if (kind === 'again' && before !== undefined) expect(memory.history).toHaveLength(written);
        }
        for (const [index, { previous, stable }] of memory.history.entries()) {
          const before = memory.history[index - 1];
          expect(previous).toBe(before?.stable.modelPackageArn === stable.modelPackageArn ? (before.previous ?? null) : (before?.stable.modelPackageArn ?? null));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes to rest at the highest approved version, however the calls of decisions made at once fall between each other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.record({ version: fc.constantFrom(2, 2, 3), status: fc.constantFrom<Status>('Approved', 'Rejected') }), { minLength: 2, maxLength: 4 }), async (scheduler, decisions) => {
        const memory = new Memory();
        memory.statuses.set(1, 'Approved');
        for (const version of [1, 2, 3]) memory.askedAbout.add(version);
        await reconcile(memory, how, now);
        memory.turn = async (call) => {
          await scheduler.schedule(Promise.resolve());
          return call();
        };
        // Each decision is made at some time, and its event is handled after it.
        const handled = decisions.map(async ({ version, status }) => {
          await memory.turn(() => memory.statuses.set(version, status));
          await reconcile(memory, how, now);
        });
        await scheduler.waitFor(Promise.all(handled));
        expect(memory.served).toBe(memory.wanted);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a version that was taken back', () => {
  const author = (seconds: number) => ({ run: 'r', now: new Date(seconds * 1000) });
  const at = (seconds: number) => () => new Date(seconds * 1000);
  async function threeServed(): Promise<Memory> {
    const memory = new Memory();
    for (const version of [1, 2, 3]) {
      memory.statuses.set(version, 'Approved');
      memory.askedAbout.add(version);
      await reconcile(memory, { ...how, id: `run-${String(version)}` }, at(version));
      memory.endRollout();
    }
    return memory;
  }
  const push = (memory: Memory, change: ReturnType<typeof rollBack>) => { if (change.kind === 'write') memory.history.push(change.record); };

  it('stays back, whatever is decided on others, until a higher one comes', async () => {
    const memory = await threeServed();
    push(memory, rollBack(memory.history.at(-1), 'by hand', author(10)));
    expect(memory.served).toBe(2);
    for (const [version, status, served] of [[1, 'Rejected', 2], [1, 'Approved', 2], [2, 'Rejected', 1], [2, 'Approved', 2], [4, 'Approved', 4], [4, 'Rejected', 2]] as const) {
      memory.statuses.set(version, status);
      memory.askedAbout.add(version);
      await reconcile(memory, how, at(20));
      expect([version, status, memory.served]).toEqual([version, status, served]);
    }
  });

  it('comes back where a person has approved it after that, and not by an older decision that is told again', async () => {
    const memory = await threeServed();
    push(memory, rollBackDeployment(memory.history.at(-1), 'run-3', 'AlarmRaised', author(10)));
    const decidedAt = (seconds: number) => ({ ...how, mayReturn: (arn: string, withdrawnAt: string) => arn === arnOf(3) && seconds * 1000 > Date.parse(withdrawnAt) });
    await reconcile(memory, decidedAt(3), at(20));
    expect(memory.served).toBe(2);
    await reconcile(memory, decidedAt(15), at(20));
    expect(memory.served).toBe(3);
    expect(memory.history.at(-1)?.withdrawn ?? []).toEqual([]);
  });

  it('that is rejected on its way up goes at once, and what was stable serves on', async () => {
    const memory = await threeServed();
    memory.statuses.set(4, 'Approved');
    memory.askedAbout.add(4);
    await reconcile(memory, { ...how, id: 'run-4' }, at(20));
    expect(memory.history.at(-1)).toMatchObject({ stable: { modelVersion: '3' }, canary: { model: { modelVersion: '4' }, weight: 0 }, rollout: { id: 'run-4' } });
    memory.statuses.set(4, 'Rejected');
    const release = await reconcile(memory, how, at(21));
    expect(memory.history.at(-1)).toMatchObject({ stable: { modelVersion: '3' }, ended: { id: 'run-4', outcome: 'rolledBack' } });
    expect(memory.history.at(-1)).not.toHaveProperty('canary');
    expect(outcomeOf(arnOf(4), { decision: 'Rejected' }, 'nobody waits', release.record)).toBe('restored');
  });

  it('does not stay stable where it is rejected while a higher one is on its way up', async () => {
    const memory = await threeServed();
    memory.statuses.set(4, 'Approved');
    memory.askedAbout.add(4);
    await reconcile(memory, { ...how, id: 'run-4' }, at(20));
    memory.statuses.set(3, 'Rejected');
    await reconcile(memory, how, at(21));
    expect(memory.history.at(-1)).toMatchObject({ stable: { modelVersion: '2' }, canary: { model: { modelVersion: '4' } }, rollout: { id: 'run-4' } });
  });
});

describe('the audit', () => {
  const state = (status: Status, at: string, reason: string | null = null, by = 'alice') => ({ modelPackageArn: arnOf(1), status, by, at, reason });

  it('keeps each change of mind once, in order, whatever else changes and however often it is told', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Status>('Approved', 'Rejected', 'PendingManualApproval'), { maxLength: 20 }), (told) => {
        let decisions: AuditedDecision[] = [];
        for (const [index, status] of told.entries()) decisions = withDecision(decisions, state(status, String(index)), now());
        const changes = told.filter((status, index) => status !== (told[index - 1] ?? 'PendingManualApproval'));
        expect(decisions.map(({ decision }) => decision)).toEqual(changes);
      }),
    );
  });

  it('does not take the words of the decision before for those of this one', () => {
    const first = withDecision([], state('Approved', '1', 'fine'), now());
    expect(withDecision(first, state('Rejected', '2', 'fine', 'bob'), now())[1]).toMatchObject({ decision: 'Rejected', by: 'bob', reason: null });
    expect(withDecision(first, state('Rejected', '2', 'not fine'), now())[1]).toMatchObject({ reason: 'not fine' });
  });
});

it('what came of a decision follows from how things stand', () => {
  const record = (stable: number, previous: number | null): DeploymentRecord => ({ stable: modelOf(stable), previous: previous === null ? null : arnOf(previous), updatedAt: '', run: 'r' });
  const [approved, rejected] = [{ decision: 'Approved' as const }, { decision: 'Rejected' as const }];
  expect(outcomeOf(arnOf(3), approved, 'nobody waits', record(3, 2))).toBe('released');
  expect(outcomeOf(arnOf(2), approved, 'nobody waits', record(3, 2))).toBe('unaffected');
  expect(outcomeOf(arnOf(3), rejected, 'nobody waits', record(1, 3))).toBe('restored');
  expect(outcomeOf(arnOf(3), rejected, 'nobody waits', record(3, 2))).toBe('kept');
  // The version that a higher one had replaced before it was rejected.
  expect(outcomeOf(arnOf(2), rejected, 'nobody waits', record(3, 2))).toBe('unaffected');
  expect(outcomeOf(arnOf(4), rejected, 'given', record(3, 2))).toBe('answered');
  expect(outcomeOf(arnOf(1), rejected, 'nobody waits', undefined)).toBe('unaffected');
});
