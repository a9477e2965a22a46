import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findApplication, type Application } from '../../bin/cli/application.ts';
import { type Connection, writeLaptopFile } from '../../bin/cli/connection.ts';
import { follow } from '../../bin/cli/history.ts';
import { postSigned } from '../../bin/cli/http.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { runToEnd } from '../../bin/commands/run.ts';
import type { Laptop } from '../../local/index.ts';
import { exampleCsv } from '../../scripts/example-data/csv.ts';
import { slipway } from '../bin/support.ts';
import { startApp, synthesiseApp } from './pipeline-app.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'approval-'));
const state = path.join(directory, 'state');
const gentoo = { island: 'Biscoe', bill_length_mm: 49.6, bill_depth_mm: 16, flipper_length_mm: 225, body_mass_g: 5700, sex: 'MALE' };
let laptop: Laptop;
let connection: Connection;
let application: Application;

beforeAll(async () => {
  laptop = await startApp(synthesiseApp(directory, { example: 'penguins', approval: 'manual' }), state);
  connection = { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' };
  await writeLaptopFile(state, { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1', apis: laptop.apis, pid: process.pid });
  application = await findApplication(connection);
  writeFileSync(path.join(directory, 'penguins.csv'), exampleCsv('penguins'));
}, 120_000);
afterAll(async () => {
  await laptop.close();
  rmSync(directory, { recursive: true, force: true });
});

const notifications = () => readFileSync(path.join(state, 'notifications.jsonl'), 'utf8');
const cli = (...args: string[]) => slipway(...args, '--state', state);
const productionSays = async () => ((await postSigned(connection, `${application.productionApiUrl ?? ''}/predict`, { input: gentoo })).body as { modelVersion?: string }).modelVersion;

/** Runs until the run waits for a person. @returns its execution, and what the person at the terminal read */
async function runUntilItWaits() {
  const stream = new PassThrough();
  const { result } = await runToEnd(connection, application, path.join(directory, 'penguins.csv'), new Terminal({ json: false, stream }), true);
  return { result, shown: String(stream.read()) };
}

async function endOf(executionArn: string) {
  const client = new SFNClient({ endpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' });
  try {
    return await follow(client, executionArn, () => undefined, { pollMs: 100 });
  } finally {
    client.destroy();
  }
}

describe('penguins whose models a person approves', () => {
  it('serve production once they are approved, and no longer once they are rejected', async () => {
    const first = await runUntilItWaits();
    expect(first.shown).toMatch(/● AwaitApproval {2}version 1 waits for a person:\n +slipway approve 1 --reason "WHY"\n +slipway reject 1 --reason "WHY"\n/);
    expect(first.result).toMatchObject({ status: 'RUNNING', waiting: 'AwaitApproval', modelVersion: '1' });
    expect(notifications()).toContain('version 1 waits for approval');
    // Staging serves it, production nothing yet.
    expect((await postSigned(connection, `${application.apiUrl}/predict`, { input: gentoo })).body).toMatchObject({ prediction: 'Gentoo', modelVersion: '1' });
    expect((await postSigned(connection, `${application.productionApiUrl ?? ''}/predict`, { input: gentoo })).status).toBe(503);
    expect((await cli('models')).stdout).toMatch(/1 {2}PendingManualApproval/);

    expect((await cli('approve', '1', '--reason', 'all species told apart')).stdout).toMatch(/✓ Version 1 is approved\. .*\n {2}by arn:aws:iam::000000000000:user\/operator\n/);
    expect(await endOf(first.result.executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { status: 'DEPLOYED', endpointUrl: application.productionApiUrl, approval: { by: 'arn:aws:iam::000000000000:user/operator', reason: 'all species told apart (arn:aws:iam::000000000000:user/operator)' } } });
    expect(await productionSays()).toBe('1');
    expect((await cli('approve', '1')).stdout).toContain('approved already: nothing was changed');
    expect((await cli('models', 'show', '1')).stdout).toContain('all species told apart (arn:aws:iam::000000000000:user/operator)');

    const second = await runUntilItWaits();
    expect(await productionSays()).toBe('1');
    expect(JSON.parse((await cli('approve', '2', '--json')).stdout)).toMatchObject({ version: 2, approval: 'Approved', before: 'PendingManualApproval', changed: true });
    expect(await endOf(second.result.executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await productionSays()).toBe('2');

    await cli('reject', '2', '--reason', 'complaints');
    await vi.waitFor(() => { expect(notifications()).toContain('version 2 is withdrawn, version 1 serves production again'); }, 10_000);
    // As long as the API trusts its record.
    await vi.waitFor(async () => { expect(await productionSays()).toBe('1'); }, { timeout: 10_000, interval: 200 });
  }, 120_000);
});
