import { binaryCharts } from './binary.ts';
import { bytes, count, decimal, escapeHtml, isNumber, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import { multiclassCharts } from './multiclass.ts';
import { regressionCharts } from './regression.ts';

/** The charts and tables that the model's task asks for. */
export function chartSection({ evaluation, ...input }: ReportInput): string {
  if (evaluation.task === 'binary') return binaryCharts({ ...input, evaluation });
  return evaluation.task === 'multiclass' ? multiclassCharts({ ...input, evaluation }) : regressionCharts({ ...input, evaluation });
}

/** Rows, split, columns and their nulls. */
export function dataSection({ data }: ReportInput): string {
  const { train, validation, test } = data.split;
  const parts: [string, number][] = [['training', train], ['validation', validation], ['held out', test]];
  const sum = train + validation + test;
  const bar = parts.map(([name, rows]) => `<i style="width:${decimal((rows / sum) * 100, 2)}%" title="${name}"></i>`).join('');
  const words = parts.map(([name, rows]) => `${count(rows)} ${name} (${percent(rows / sum)})`).join(' · ');
  const dropped = data.rows > sum ? ` · ${count(data.rows - sum)} without a label, in no part` : '';
  const warnings = (data.warnings ?? []).map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  const columns = data.columns ?? [];
  const table = columns.map((column) => `<tr><td><code>${escapeHtml(column.name)}</code></td><td>${escapeHtml(column.type)}</td><td>${escapeHtml(column.range ?? '')}</td><td class="n">${nullShare(column.nullShare)}</td></tr>`).join('');
  return `<section class="card"><h3>${count(data.rows)} rows</h3><div class="bar">${bar}</div><div class="soft small">${words}${dropped}</div>
${table === '' ? '' : `<div class="scroll" style="margin-top:14px"><table><thead><tr><th>Column</th><th>Type</th><th>Holds</th><th class="n">Missing</th></tr></thead><tbody>${table}</tbody></table></div>`}
${warnings === '' ? '' : `<p class="small" style="margin:14px 0 0"><b>Noted in this data</b></p><ul class="small">${warnings}</ul>`}</section>`;
}

/** Everything needed to find, check and repeat this model. */
export function lineageSection({ lineage }: ReportInput): string {
  const { dataset, execution, artifact } = lineage;
  const entry = (name: string, value: string | undefined): string => (value === undefined ? '' : `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`);
  const parameters = Object.entries(lineage.hyperparameters).map(([name, value]) => `<tr><td><code>${escapeHtml(name)}</code></td><td class="n"><code>${escapeHtml(value)}</code></td></tr>`);
  return `<div class="two"><section class="card"><h3>From data to artifact</h3><dl style="margin-top:10px">
${entry('Dataset', `s3://${dataset.bucket}/${dataset.key}`)}${entry('Data version', dataset.versionId)}${entry('Data SHA-256', dataset.sha256)}
${entry('Execution', execution.name)}${entry('Execution ARN', execution.arn)}${entry('Training job', lineage.trainingJob)}${entry('Trainer', lineage.trainer)}${entry('Git commit', lineage.gitCommit)}
${entry('Artifact', `s3://${artifact.bucket}/${artifact.key}`)}${entry('Artifact SHA-256', artifact.sha256)}${isNumber(artifact.bytes) ? entry('Artifact size', bytes(artifact.bytes)) : ''}
</dl></section><section class="card"><h3>Hyperparameters</h3><div class="soft small">As the training job was given them.</div><div class="scroll"><table><tbody>${parameters.join('')}</tbody></table></div></section></div>`;
}

function nullShare(share: number): string {
  return share === 0 ? 'none' : percent(share, share < 0.001 ? 3 : 1);
}
