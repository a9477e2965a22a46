import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

/** A program of somebody else's that our output is held against. */
interface OracleProgram {
  /** Exits with 0 where the oracle is present. */
  readonly probe: readonly [command: string, ...args: string[]];
  readonly install: string;
}

const oracles = {
  python: { probe: ['python3', '--version'], install: 'apt-get install python3' },
  xgboost: { probe: ['/usr/bin/python3', '-c', 'import numpy, xgboost'], install: 'apt-get install python3-xgboost' },
  'cfn-lint': { probe: ['cfn-lint', '--version'], install: 'pip install cfn-lint' },
  'aws-cli': { probe: ['aws', '--version'], install: 'apt-get install awscli' },
  chromium: { probe: ['/usr/bin/chromium', '--version'], install: 'apt-get install chromium' },
  buildah: { probe: ['sh', '-c', 'test "$(id -u)" = 0 && command -v buildah && command -v mmdebstrap && mmdebstrap --version'], install: 'as root: apt-get install buildah mmdebstrap' },
  boto3: { probe: ['/usr/bin/python3', '-c', 'import boto3'], install: 'apt-get install python3-boto3' },
} as const satisfies Record<string, OracleProgram>;

/** The oracles that tests may ask for. */
export type OracleName = keyof typeof oracles;

/** The interpreter that holds Debian's python3-xgboost and python3-boto3. */
export const oraclePython = '/usr/bin/python3';

/** Whether the oracle is present. */
export function hasOracle(name: OracleName): boolean {
  const [command, ...args] = oracles[name].probe;
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Tests that need an oracle. Where it is absent they are skipped, and say so in their title; with the environment variable
 * SLIPWAY_REQUIRE_ORACLES=1, which CI sets, its absence is a failure.
 */
export function describeWithOracle(name: OracleName, title: string, tests: () => void): void {
  if (hasOracle(name)) {
    describe(title, tests);
  } else if (process.env.SLIPWAY_REQUIRE_ORACLES === '1') {
    describe(title, () => {
      it(`has its oracle ${name}`, () => {
        throw new Error(`The oracle ${name} is absent and SLIPWAY_REQUIRE_ORACLES=1 asks for it. Install it: ${oracles[name].install}`);
      });
    });
  } else {
    describe.skip(`${title} (skipped: oracle ${name} is absent; ${oracles[name].install})`, tests);
  }
}

/** Runs a Python script with the oracle's interpreter, a JSON value as its input and one as its output. */
export function askPython(script: string, input: unknown): unknown {
  const result = spawnSync(oraclePython, [script], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000, env: { ...process.env, OMP_NUM_THREADS: '1' } });
  if (result.status !== 0) throw new Error(`${script} failed: ${result.error?.message ?? result.stderr}`);
  return JSON.parse(result.stdout);
}
