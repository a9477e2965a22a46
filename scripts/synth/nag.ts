import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { CheckResult, Finding } from './finding.ts';

const check = 'acknowledgements';

/** An acknowledgement as a construct keeps it. */
interface Acknowledgement {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

/** Checks that each acknowledgement of a finding still has its finding, and a reason that says something. Asked after synth. */
export function checkAcknowledgements(app: IConstruct): CheckResult {
  const found = everyFinding(app);
  const acknowledgements = app.node.findAll().flatMap(acknowledgementsOf);
  const findings = acknowledgements.flatMap(({ path, rule, reason }): Finding[] => [
    ...(found.some((finding) => finding.rule === rule && isUnder(finding.path, path))
      ? []
      : [{ check, where: path, message: `${rule} is acknowledged, but cdk-nag finds nothing of the kind here any more: remove it.` }]),
    ...(reason.length >= 20 ? [] : [{ check, where: path, message: `${rule} is acknowledged with the reason '${reason}', which explains nothing.` }]),
  ]);
  return { check, looked: `${String(acknowledgements.length)} acknowledgements of ${String(found.length)} findings`, findings };
}

/** What cdk-nag would say had nobody acknowledged anything. */
function everyFinding(app: IConstruct): { path: string; rule: string }[] {
  const pack = new AwsSolutionsChecks();
  // There is no public way to ask for acknowledged findings.
  (pack as unknown as { isAcknowledged: () => boolean }).isAcknowledged = () => false;
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })));
}

function acknowledgementsOf(construct: IConstruct): Acknowledgement[] {
  const seen = new Map<string, Acknowledgement>();
  for (const { type, data } of construct.node.metadata) {
    if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
    for (const [id, reason] of Object.entries(data as Record<string, string>)) {
      const rule = id.replace(/^annotation::/i, '');
      if (rule.startsWith('AwsSolutions-')) seen.set(rule, { path: construct.node.path, rule, reason });
    }
  }
  return [...seen.values()];
}

const isUnder = (path: string, ancestor: string): boolean => path === ancestor || path.startsWith(`${ancestor}/`);
