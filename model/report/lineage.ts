import { bytes, escapeHtml, isNumber } from './html.ts';
import type { ReportInput } from './input.ts';
import type { ReportSection } from './section.ts';

/** Everything needed to find, check and repeat this model. */
export const lineageSection: ReportSection = { title: 'Where it comes from', body };

function body({ lineage }: ReportInput): string {
  const { dataset, execution, artifact } = lineage;
  const entry = (name: string, value: string | undefined): string => (value === undefined ? '' : `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`);
  const parameters = Object.entries(lineage.hyperparameters).map(([name, value]) => `<tr><td><code>${escapeHtml(name)}</code></td><td class="n"><code>${escapeHtml(value)}</code></td></tr>`);
  return `<div class="two"><section class="card"><h3>From data to artifact</h3><dl style="margin-top:10px">
${entry('Dataset', `s3://${dataset.bucket}/${dataset.key}`)}${entry('Data version', dataset.versionId)}${entry('Data SHA-256', dataset.sha256)}${entry('Data manifest', dataset.manifest)}
${entry('Execution', execution.name)}${entry('Execution ARN', execution.arn)}${entry('Training job', lineage.trainingJob)}${entry('Trainer', lineage.trainer)}${entry('Git commit', lineage.gitCommit)}
${entry('Artifact', `s3://${artifact.bucket}/${artifact.key}`)}${entry('Artifact SHA-256', artifact.sha256)}${isNumber(artifact.bytes) ? entry('Artifact size', bytes(artifact.bytes)) : ''}
</dl></section><section class="card"><h3>Hyperparameters</h3><div class="soft small">As the training job was given them.</div><div class="scroll"><table><tbody>${parameters.join('')}</tbody></table></div></section></div>`;
}
