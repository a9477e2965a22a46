import { spawnSync } from 'node:child_process';
import type { TemplateStack } from './assembly.ts';
import type { CheckResult, Finding } from './finding.ts';

const check = 'cfn-lint';

interface Match {
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Filename: string;
  readonly Location: { readonly Path?: readonly (string | number)[] | null };
}

/** Runs cfn-lint over the templates, where it is on the PATH: it comes with neither npm nor Debian. */
export function checkByCfnLint(stacks: readonly TemplateStack[], program = 'cfn-lint'): CheckResult {
  const run = spawnSync(program, ['--format', 'json', '--non-zero-exit-code', 'error', '--', ...stacks.map(({ templateFile }) => templateFile)], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.error !== undefined) {
    if ((run.error as NodeJS.ErrnoException).code !== 'ENOENT') throw run.error;
    return { check, looked: 'nothing', findings: [], skipped: 'no cfn-lint on the PATH (neither npm nor Debian has it)' };
  }
  return { check, looked: `${String(stacks.length)} templates`, findings: findingsIn(run.stdout, run.stderr) };
}

/** What cfn-lint's JSON holds: its errors are findings; warnings and information are its opinion. */
export function findingsIn(stdout: string, stderr = ''): Finding[] {
  let matches: Match[];
  try {
    matches = JSON.parse(stdout) as Match[];
  } catch {
    return [{ check, where: 'cfn-lint', message: `gave no JSON: ${stderr.trim() || stdout.slice(0, 500)}` }];
  }
  return matches
    .filter(({ Level }) => Level === 'Error')
    .map(({ Rule, Message, Filename, Location }) => ({ check, where: `${Filename} ${(Location.Path ?? []).join('/')}`.trim(), message: `${Rule.Id}: ${Message}` }));
}
