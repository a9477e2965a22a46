import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Validations } from 'aws-cdk-lib';
import { readAssembly } from './synth/assembly.ts';
import { checkByCfnLint } from './synth/cfn-lint.ts';
import { definitionsOf } from './synth/definitions.ts';
import { checkLimits } from './synth/limits.ts';
import { checkAcknowledgements } from './synth/nag.ts';
import { checkPolicies } from './synth/policies.ts';
import { renderReport } from './synth/report.ts';
import { checkStateMachines } from './synth/state-machines.ts';
import { checkTaskArguments } from './synth/task-arguments.ts';
import { readValidationReport } from './synth/validation-report.ts';

/**
 * `npm run synth`: writes the app to cdk.out (or CDK_OUTDIR) and checks it in every way that needs no account. Exits with 1 where anything is wrong.
 * Context goes behind `--` as the CDK CLI takes it: `npm run synth -- -c example=penguins -c approval=manual`.
 */
buildHandlers();
const given = JSON.parse(process.env['CDK_CONTEXT_JSON'] ?? '{}') as Record<string, unknown>;
process.env['CDK_CONTEXT_JSON'] = JSON.stringify({
  ...given,
  ...contextArguments(),
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // What the validation finds is printed below, in one list with what the other checks find.
  '@aws-cdk/core:failSynthOnValidationErrors': false,
});
removeLastAssembly(process.env['CDK_OUTDIR'] ?? 'cdk.out');

const { app } = await import('../bin/app.ts');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const { directory } = app.synth();

const stacks = readAssembly(directory);
const definitions = definitionsOf(stacks);
const results = [
  readValidationReport(directory, 'CloudFormation', 'CloudFormation Validate'),
  readValidationReport(directory, 'cdk-nag', 'AwsSolutions'),
  checkAcknowledgements(app),
  readValidationReport(directory, 'construct warnings', 'Construct Annotations'),
  checkStateMachines(definitions),
  await checkTaskArguments(definitions),
  await checkPolicies(stacks),
  // Who chooses the targets may choose some that are billed by the hour; the default has none.
  checkLimits(stacks, directory, app.node.tryGetContext('targets') !== undefined),
  checkByCfnLint(stacks),
];
console.log(renderReport(results));
console.log(`\nThe app is in ${directory}.`);
if (results.some(({ findings }) => findings.length > 0)) process.exitCode = 1;

/** CDK leaves the assets of earlier runs, which would be checked too. A folder that is no cloud assembly is left alone. */
function removeLastAssembly(folder: string): void {
  if (existsSync(path.join(folder, 'cdk.out'))) rmSync(folder, { recursive: true });
}

/** The bundles that the app deploys, built as the CDK CLI builds them (`build` in cdk.json) where they are not up to date. */
function buildHandlers(): void {
  const { status, error } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'build-handlers.ts')], { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** `-c key=value` as context. */
function contextArguments(): Record<string, string> {
  const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true } } });
  return Object.fromEntries(
    (values.context ?? []).map((pair): [string, string] => {
      const [key = '', ...value] = pair.split('=');
      if (key === '' || value.length === 0) throw new Error(`-c ${pair}: expected -c key=value.`);
      return [key, value.join('=')];
    }),
  );
}
