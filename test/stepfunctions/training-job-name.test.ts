import { createHash } from 'node:crypto';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { trainingJobName } from '../../stepfunctions/private/training-job-name.ts';

async function nameOf(run: string, redrive?: number, prefix = 'flights-1234abcd', instance?: number): Promise<string> {
  const expression = jsonata(trainingJobName(prefix, instance !== undefined).replace(/^\{%|%\}$/g, ''));
  expression.registerFunction('hash', (text: string) => createHash('sha256').update(text).digest('hex'));
  const context = { Execution: { Name: run, ...(redrive === undefined ? {} : { RedriveCount: redrive }) } };
  return (await expression.evaluate({}, { states: { context }, instance })) as string;
}

const runNames = fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/);

describe('the name of a training job', () => {
  it('is readable where it fits', async () => {
    expect(await nameOf('2026-11-20-a')).toBe('flights-1234abcd-2026-11-20-a-0');
    expect(await nameOf('run', 1, 'flights-1234abcd', 2)).toBe('flights-1234abcd-run-1-f2');
  });

  it('ends in a hash where it was cut or changed', async () => {
    expect(await nameOf('x'.repeat(80))).toMatch(/^flights-1234abcd-x+-[0-9a-f]{8}-0$/);
    expect(await nameOf('run_1')).toMatch(/^flights-1234abcd-run-1-[0-9a-f]{8}-0$/);
  });

  it('is always a name that SageMaker takes, also behind the longest prefix', async () => {
    await fc.assert(
      fc.asyncProperty(runNames, fc.nat(99), fc.option(fc.nat(9), { nil: undefined }), fc.constantFrom('p', 'a'.repeat(22) + '-1234abcd'), async (run, redrive, instance, prefix) => {
        const name = await nameOf(run, redrive, prefix, instance);
        expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        expect(name.startsWith(`${prefix}-`)).toBe(true);
        expect(await nameOf(run, redrive, prefix, instance)).toBe(name);
      }),
      { numRuns: 200 },
    );
  });

  it('differs between runs, redrives and instances', async () => {
    await fc.assert(
      fc.asyncProperty(runNames, runNames, fc.nat(9), fc.nat(9), async (left, right, first, second) => {
        fc.pre(left !== right || first !== second);
        expect(await nameOf(left, first)).not.toBe(await nameOf(right, second));
      }),
      { numRuns: 200 },
    );
    expect(await nameOf('a_b')).not.toBe(await nameOf('a-b'));
    expect(await nameOf('run', 0, 'p', 1)).not.toBe(await nameOf('run', 1, 'p', 0));
  });
});
