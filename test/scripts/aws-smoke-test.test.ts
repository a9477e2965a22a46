import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../../scripts/aws-smoke-test.sh');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'smoke-'));
  writeFileSync(path.join(directory, 'flights.parquet'), 'x'.repeat(30_000));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the script with a `cdk` and a `slipway` that only write down how they were called; a run of a truncated file ends as told. */
function smoke(truncated: object, region?: string): { status: number | null; output: string; calls: string[] } {
  const log = path.join(directory, 'calls');
  const stub = (name: string, body: string): void => {
    writeFileSync(path.join(directory, name), `#!/usr/bin/env bash\necho "${name} $*" >> '${log}'\n${body}\n`);
    chmodSync(path.join(directory, name), 0o755);
  };
  stub('npx', 'exit 0');
  stub('npm', `case "$*" in *truncated.parquet*) echo '${JSON.stringify(truncated)}'; exit 1;; *' run '*) echo '{"status":"SUCCEEDED"}';; esac`);
  const { AWS_REGION: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', [script, path.join(directory, 'flights.parquet')], {
    encoding: 'utf8',
    env: { ...environment, PATH: `${directory}:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, ...(region === undefined ? {} : { AWS_REGION: region }) },
  });
  return { status, output: stdout + stderr, calls: readFileSync(log, 'utf8').trim().split('\n') };
}

describe('the smoke test on AWS', () => {
  it.each([['eu-west-1', 'eu-west-1'], [undefined, 'us-east-1']])('keeps to the region of AWS_REGION (%s)', (given, region) => {
    const { status, output, calls } = smoke({ status: 'FAILED', error: 'DataRejected' }, given);
    expect(status, output).toBe(0);
    expect(output).toContain('== passed');
    expect(calls.map((call) => call.split(' ').slice(0, 6).join(' '))).toEqual([
      expect.stringMatching(/^npx cdk deploy --all/), expect.stringMatching(/slipway -- run$/), expect.stringMatching(/slipway -- predict$/),
      expect.stringMatching(/slipway -- models$/), expect.stringMatching(/slipway -- run$/), expect.stringMatching(/^npx cdk destroy --all/),
    ]);
    for (const call of calls) expect(call).toContain(call.startsWith('npx') ? `-c region=${region}` : `--region ${region}`);
  });

  it('does not pass where a truncated file is taken, and destroys the app all the same', () => {
    const { status, output, calls } = smoke({ status: 'SUCCEEDED' });
    expect(status).not.toBe(0);
    expect(output).toContain('status is SUCCEEDED, expected FAILED');
    expect(output).not.toContain('== passed');
    expect(calls.at(-1)).toMatch(/^npx cdk destroy --all/);
  });
});
