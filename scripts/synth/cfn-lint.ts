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
  return { check, looked: `${String(stacks.length)} templates`, findings: findingsIn(run.stdout, run.stderr, stacks) };
}

/** Types that take tags by CloudFormation's schemas, which CDK is generated from, and not by those that cfn-lint 1.51.0 holds. */
const taggedTypes = ['AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ElasticLoadBalancingV2::Listener'];

/** What cfn-lint's JSON holds: its errors are findings; warnings and information are its opinion. */
export function findingsIn(stdout: string, stderr = '', stacks: readonly TemplateStack[] = []): Finding[] {
  let matches: Match[];
  try {
    matches = JSON.parse(stdout) as Match[];
  } catch {
    return [{ check, where: 'cfn-lint', message: `gave no JSON: ${stderr.trim() || stdout.slice(0, 500)}` }];
  }
  return matches
    .filter((match) => match.Level === 'Error' && !isOutdated(match, stacks))
    .map(({ Rule, Message, Filename, Location }) => ({ check, where: `${Filename} ${(Location.Path ?? []).join('/')}`.trim(), message: `${Rule.Id}: ${Message}` }));
}

/** Whether cfn-lint knows less than CloudFormation. */
function isOutdated({ Rule, Filename, Location }: Match, stacks: readonly TemplateStack[]): boolean {
  const [section, logicalId, , property, ...rest] = Location.Path ?? [];
  if (Rule.Id !== 'E3002' || section !== 'Resources' || property !== 'Tags' || rest.length > 0) return false;
  const resource = stacks.find(({ templateFile }) => templateFile === Filename)?.resources.find((each) => each.logicalId === logicalId);
  return resource !== undefined && taggedTypes.includes(resource.type);
}
