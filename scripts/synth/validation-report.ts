import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckResult, Finding } from './finding.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName?: string;
    readonly summary?: { readonly pluginName?: string };
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly severity?: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string; readonly cloudFormationResource?: { readonly logicalId?: string } }[];
    }[];
  }[];
}

/** What CDK's validation plugins (CloudFormation's rules, cdk-nag) reported of an assembly. */
export function readValidationReport(folder: string, check: string, plugin: string): CheckResult {
  const file = path.join(folder, 'validation-report.json');
  if (!existsSync(file)) {
    return { check, looked: 'nothing', findings: [{ check, where: file, message: 'is missing: the validation did not run. Look at the validation settings in cdk.json.' }] };
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const findings = report.pluginReports
    .filter((candidate) => candidate.pluginName === plugin)
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, description, violatingConstructs = [] }): Finding[] =>
      violatingConstructs.map(({ constructPath, cloudFormationResource }) => ({
        check,
        where: constructPath ?? cloudFormationResource?.logicalId ?? 'the app',
        message: `${ruleName}: ${description}`,
      })),
    );
  return { check, looked: 'every template', findings };
}
