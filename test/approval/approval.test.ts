import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../local/services/manual-clock.ts';
import { ApprovalWorld, arnOf } from './world.ts';
import type { WorldOptions } from './world.ts';

let world: ApprovalWorld;
const open = async (options?: WorldOptions) => (world = await ApprovalWorld.open(options));
afterEach(() => world.close());

const alice = 'arn:aws:sts::000000000000:assumed-role/reviewers/alice';
const bob = 'arn:aws:sts::000000000000:assumed-role/reviewers/bob';
const subjects = () => world.messages.map(({ subject }) => subject);
/** A run whose version is approved and serves production. */
async function released(name: string, version: number): Promise<string> {
  const run = await world.startAndAsk(name, version);
  await world.decide(version, 'Approved', 'alice', 'good');
  await world.ended(run);
  return run;
}

/** The event as it may come again, whenever. */
async function tell(version: number, status: string): Promise<void> {
  const events = new EventBridgeClient(world.bench.client);
  const detail = JSON.stringify({ ModelPackageGroupName: 'flights', ModelPackageVersion: version, ModelPackageArn: arnOf(version), ModelApprovalStatus: status });
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'aws.sagemaker', DetailType: 'SageMaker Model Package State Change', Detail: detail }] }));
  events.destroy();
  await world.idle();
}

describe('a version that waits for approval', () => {
  it('serves nobody until it is approved (fault 15); then it serves production, and the audit tells who, when, why and on what evidence', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    expect(await world.served()).toBeUndefined();
    expect(await world.audit(1)).toBeUndefined();
    const { text } = world.messages[0]!;
    for (const part of ['auc 0.74 is above 0.72', 's3://artifacts/reports/flights/run-1/report.html', 'slipway approve 1 --reason "WHY"', `--model-package-arn ${arnOf(1)} --model-approval-status Approved`]) expect(text).toContain(part);
    const before = Date.now();
    await world.decide(1, 'Approved', 'alice', 'as good as the last one');
    expect(await world.ended(run)).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'DEPLOYED', modelVersion: '1', approval: { by: alice, reason: 'as good as the last one' } } });
    expect(await world.deployments()).toEqual(['1']);
    const audit = await world.audit(1);
    expect(audit?.decisions).toEqual([{ decision: 'Approved', by: alice, at: expect.any(String) as string, reason: 'as good as the last one', recordedAt: expect.any(String) as string }]);
    expect(Date.parse(String(audit?.decisions[0]?.['at']))).toBeGreaterThanOrEqual(before);
    expect(audit?.evidence).toMatchObject({
      approval: 'manual', run: { name: 'run-1' }, artifact: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, metrics: { auc: 0.74 }, gates: [{ metric: 'auc', passed: true }],
      evaluation: 's3://artifacts/reports/flights/run-1/evaluation.json', evaluationSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, reportSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(subjects()).toEqual(['flights: version 1 waits for approval', 'flights: version 1 is served']);
    expect(world.messages[1]?.text).toContain(`Approved       by ${alice}`);
  });

  it('keeps no token that could be answered again, and logs none', async () => {
    await open();
    await released('run-1', 1);
    const token = await world.json('approvals/flights/flights/1/token.json');
    expect(token).toMatchObject({ answered: { decision: 'Approved' } });
    expect(token).not.toHaveProperty('taskToken');
  });

  it('is rejected: its run ends with who and why, and nothing is deployed', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    await world.decide(1, 'Rejected', 'bob', 'worse in the evening');
    expect(await world.ended(run)).toMatchObject({ status: 'FAILED', error: 'ApprovalRejected' });
    expect(await world.served()).toBeUndefined();
    expect((await world.audit(1))?.decisions).toMatchObject([{ decision: 'Rejected', by: bob, reason: 'worse in the evening' }]);
    expect(subjects()).toEqual(['flights: version 1 waits for approval', expect.stringMatching(/^flights: ApprovalRejected: Version 1 was rejected: worse in the evening \(arn:aws:sts:/) as string]);
    expect(world.messages[1]?.text).toContain(`Version 1 was rejected: worse in the evening (${bob})`);
  });

  it('is not decided on in time: its run ends so, and a later approval still serves production', async () => {
    const clock = manualClock();
    await open({ clock, timeoutSeconds: 3600 });
    const run = await world.start('run-1');
    await world.until(() => {
      // Step Functions looks at the rollout on staging once in a while.
      clock.advance(1000);
      return world.asked(1) > 0;
    }, 'the question');
    await world.idle();
    clock.advance(3_600_000);
    expect(await world.ended(run)).toMatchObject({ status: 'FAILED', error: 'ApprovalTimedOut', cause: expect.stringContaining('Nobody decided on version 1 within 60 minutes.') as string });
    expect(await world.served()).toBeUndefined();
    await world.decide(1, 'Approved', 'alice');
    await world.idle();
    expect(world.decided.at(-1)).toEqual({ outcome: 'released', decision: 'Approved', servedVersion: '1' });
    expect(await world.deployments()).toEqual(['1']);
    expect(subjects().at(-1)).toBe('flights: version 1 serves production');
  });

  it('is approved before it is asked about: the run goes straight on', async () => {
    await open();
    world.before = async (name) => {
      if (name === 'staging') await world.decide(1, 'Approved', 'alice', 'I know it');
    };
    expect(await world.ended(await world.start('run-1'))).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'DEPLOYED', approval: { by: alice } } });
    expect(subjects()).toEqual(['flights: version 1 is served']);
    expect((await world.audit(1))?.decisions).toMatchObject([{ decision: 'Approved', by: alice, reason: 'I know it' }]);
  });

  it('is asked about anew when its run is redriven, and is answered by what was decided meanwhile', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    await world.decide(1, 'Rejected', 'bob', 'too late today');
    await world.ended(run);
    await world.decide(1, 'PendingManualApproval', 'bob');
    await world.idle();
    await world.redrive(run);
    await world.until(() => world.asked(1) === 2, 'the second question');
    await world.decide(1, 'Approved', 'alice', 'now');
    expect(await world.ended(run)).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'DEPLOYED' } });
    expect((await world.audit(1))?.decisions).toMatchObject([{ decision: 'Rejected', by: bob }, { decision: 'PendingManualApproval', by: bob, reason: null }, { decision: 'Approved', by: alice, reason: 'now' }]);
    expect(await world.deployments()).toEqual(['1']);
  });
});

describe('decisions that come twice, at once or late', () => {
  it('approved twice: one deployment, one message', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    await Promise.all([world.decide(1, 'Approved', 'alice', 'yes'), world.decide(1, 'Approved', 'bob', 'yes')]);
    await world.ended(run);
    await world.decide(1, 'Approved', 'bob', 'yes again');
    for (let time = 0; time < 3; time += 1) await tell(1, 'Approved');
    expect(await world.deployments()).toEqual(['1']);
    expect((await world.audit(1))?.decisions).toHaveLength(1);
    expect(subjects()).toEqual(['flights: version 1 waits for approval', 'flights: version 1 is served']);
  });

  it('two versions at once: only the highest approved one is deployed, once; the lower one\'s run ends as superseded (fault 14)', async () => {
    await open();
    const first = await world.startAndAsk('run-1', 1);
    const second = await world.startAndAsk('run-2', 2);
    let go: () => void;
    const both = new Promise<void>((resolve) => (go = resolve));
    world.before = async (name) => {
      if (name === 'release-model') await both;
    };
    await Promise.all([world.decide(1, 'Approved', 'alice'), world.decide(2, 'Approved', 'bob')]);
    go!();
    expect(await world.ended(second)).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'DEPLOYED', modelVersion: '2' } });
    expect(await world.ended(first)).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'SUPERSEDED', modelVersion: '1', servedVersion: '2' } });
    expect(await world.deployments()).toEqual(['2']);
    expect(subjects().slice(2).sort()).toEqual(['flights: version 1 is superseded by version 2', 'flights: version 2 is served']);
  });

  it('a lower version that is approved after a higher one serves nobody', async () => {
    await open();
    const first = await world.startAndAsk('run-1', 1);
    await released('run-2', 2);
    await world.decide(1, 'Approved', 'alice');
    expect(await world.ended(first)).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'SUPERSEDED', servedVersion: '2' } });
    expect(await world.deployments()).toEqual(['2']);
  });

  it('events of a state that is over change nothing: the registry is asked', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    await tell(1, 'Approved');
    expect(world.decided.at(-1)).toEqual({ outcome: 'undecided' });
    expect(await world.served()).toBeUndefined();
    await world.decide(1, 'Approved', 'alice');
    await world.ended(run);
    await tell(1, 'Rejected');
    expect(await world.deployments()).toEqual(['1']);
  });

  it('a function that dies on the way is called again, and nothing is done twice', async () => {
    await open();
    const run = await world.startAndAsk('run-1', 1);
    const dying = new Set(['decide-approval', 'release-model']);
    world.before = (name) => {
      if (dying.delete(name)) throw Object.assign(new Error('died'), { name: 'Runtime.ExitError' });
    };
    await world.decide(1, 'Approved', 'alice');
    expect(await world.ended(run)).toMatchObject({ status: 'SUCCEEDED' });
    expect(dying.size).toBe(0);
    expect(await world.deployments()).toEqual(['1']);
  });
});

describe.each(['manual', 'automatic'] as const)('a version that is rejected after its deployment, approval %s (fault 16)', (approval) => {
  const deploy = async (name: string, version: number) => (approval === 'manual' ? released(name, version) : world.ended(await world.start(name)));

  it('makes way for the highest approved one before it, told and written down; approved again, it comes back', async () => {
    await open({ approval });
    await deploy('run-1', 1);
    await deploy('run-2', 2);
    await deploy('run-3', 3);
    await world.decide(2, 'Rejected', 'bob', 'an old mistake');
    await world.idle();
    expect(world.decided.at(-1)).toMatchObject({ outcome: 'unaffected' });
    await world.decide(3, 'Rejected', 'bob', 'complaints');
    await world.idle();
    expect(await world.deployments()).toEqual(['1', '2', '3', '1']);
    expect(await world.json('deployments/production.json')).toMatchObject({ stable: { modelVersion: '1', artifact: { key: 'models/flights/run-1/model.tar.gz' } }, previous: arnOf(3), run: 'run-1' });
    expect(subjects().at(-1)).toBe('flights: version 3 is withdrawn, version 1 serves production again');
    expect(world.messages.at(-1)?.text).toContain('The reason: complaints');
    expect((await world.audit(3))?.decisions).toMatchObject([{ decision: 'Approved' }, { decision: 'Rejected', by: bob, reason: 'complaints' }]);
    await world.decide(3, 'Approved', 'alice', 'they were wrong');
    await world.idle();
    expect(await world.served()).toBe('3');
    expect(subjects().at(-1)).toBe('flights: version 3 serves production');
  });

  it('serves on where there is no other, and that is told loudly', async () => {
    await open({ approval });
    await deploy('run-1', 1);
    await world.decide(1, 'Rejected', 'bob');
    await world.idle();
    expect(world.decided.at(-1)).toEqual({ outcome: 'kept', decision: 'Rejected', servedVersion: '1' });
    expect(await world.deployments()).toEqual(['1']);
    expect(subjects().at(-1)).toBe('flights: version 1 is withdrawn, BUT STILL SERVES PRODUCTION');
    await deploy('run-2', 2);
    expect(await world.served()).toBe('2');
  });
});

it('passes over an approved version whose artifact is not what was evaluated, and says so', async () => {
  await open({ approval: 'automatic' });
  for (const version of [1, 2, 3]) await world.ended(await world.start(`run-${String(version)}`));
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  await world.s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'models/flights/run-2/model.tar.gz', Body: 'something else' }));
  await world.decide(3, 'Rejected', 'bob');
  await world.idle();
  expect(await world.served()).toBe('1');
  expect(world.messages.at(-1)?.text).toMatch(/model-package\/flights\/2 is approved too, but was passed over: .*has the SHA-256/);
});

it('writes down who released where no person was asked', async () => {
  await open({ approval: 'automatic' });
  expect(await world.ended(await world.start('run-1'))).toMatchObject({ status: 'SUCCEEDED', parsed: { status: 'DEPLOYED' } });
  expect(await world.audit(1)).toMatchObject({ evidence: { approval: 'automatic' }, decisions: [{ decision: 'Approved', by: 'arn:aws:iam::000000000000:user/operator' }] });
});
