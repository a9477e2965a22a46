import { calibrationError } from '../metrics/calibration.ts';
import { calibrationChart, distributionChart, precisionRecallChart, rocChart } from './charts.ts';
import { bytes, count, decimal, escapeHtml, isNumber, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricNames } from './verdict.ts';

const explanations: Readonly<Record<string, string>> = {
  auc: 'how well it ranks',
  accuracy: 'rows called right',
  precision: 'alarms that are right',
  recall: 'positives found',
  f1: 'precision and recall',
  log_loss: 'lower is better',
};

/** One card a metric, with its standard deviation; metrics that a gate stands on are marked. */
export function metricCards({ evaluation, gates }: ReportInput): string {
  const cards = Object.entries(evaluation.metrics).map(([metric, { value, standardDeviation }]) => {
    const gated = gates.some((gate) => gate.metric === metric);
    return `<div class="card metric${gated ? ' gate' : ''}"><div class="name">${metricNames[metric] ?? metric}${gated ? ' · gate' : ''}</div><div class="value">${decimal(value)}</div><div class="spread">± ${decimal(standardDeviation, 4)}</div><div class="why">${explanations[metric] ?? ''}</div></div>`;
  });
  return `<div class="metrics">${cards.join('')}</div>
<p class="soft small">± is one standard deviation: how far the figure would move on other rows of the same kind. Accuracy, precision, recall and F1 call a row positive above a probability of ${decimal(evaluation.threshold, 2)}.</p>`;
}

/** The four charts and the confusion matrix. */
export function chartSection(input: ReportInput): string {
  const { evaluation, positiveClass } = input;
  const positive = escapeHtml(positiveClass);
  const figure = (title: string, caption: string, svg: string): string => `<figure class="card"><h3>${title}</h3><figcaption>${caption}</figcaption>${svg}</figure>`;
  return `<div class="charts">
${figure('ROC curve', 'Every threshold at once: further to the upper left is better; the dashed line is chance.', rocChart(evaluation))}
${figure('Precision and recall', 'What an alarm is worth against how many cases are found.', precisionRecallChart(evaluation))}
${figure('Calibration', `When the model says 30 %, are 30 % “${positive}”? Mean distance ${percent(calibrationError(evaluation.calibration))}.`, calibrationChart(evaluation))}
${figure('Scores by class', `<span class="key"></span>not ${positive}<span class="key warm"></span>${positive}`, distributionChart(evaluation))}
${confusionCard(input)}
${importanceCard(input)}
</div>`;
}

function confusionCard({ evaluation: { confusion, rows }, positiveClass }: ReportInput): string {
  const { trueNegatives, falsePositives, falseNegatives, truePositives } = confusion;
  const positive = escapeHtml(positiveClass);
  const cell = (value: number, whole: number, right: boolean): string => {
    const share = whole === 0 ? 0 : value / whole;
    return `<div class="cell" style="--tone:var(${right ? '--accent' : '--warm'});--share:${decimal(share, 3)}"><b>${count(value)}</b><span>${percent(share)} of the row</span></div>`;
  };
  const right = (trueNegatives + truePositives) / rows;
  return `<section class="card"><h3>Confusion matrix</h3><div class="soft small">${percent(right)} of all rows are called right.</div><div class="matrix">
<div></div><div class="head">called not ${positive}</div><div class="head">called ${positive}</div>
<div class="side">really not ${positive}</div>${cell(trueNegatives, trueNegatives + falsePositives, true)}${cell(falsePositives, trueNegatives + falsePositives, false)}
<div class="side">really ${positive}</div>${cell(falseNegatives, falseNegatives + truePositives, false)}${cell(truePositives, falseNegatives + truePositives, true)}
</div></section>`;
}

function importanceCard({ importance }: ReportInput): string {
  if (importance === undefined || importance.length === 0) return '';
  const sorted = importance.toSorted((a, b) => b.share - a.share);
  const widest = sorted[0]?.share ?? 1;
  const rows = sorted.slice(0, 12).map(({ feature, share }) => `<tr><td>${escapeHtml(feature)}</td><td>${meter(share / widest)}${percent(share)}</td></tr>`);
  const rest = sorted.length > 12 ? `<p class="soft small">and ${String(sorted.length - 12)} more</p>` : '';
  return `<section class="card"><h3>What the trees use</h3><div class="soft small">Each feature’s share of what all splits gained.</div><table><tbody>${rows.join('')}</tbody></table>${rest}</section>`;
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

function meter(share: number): string {
  return `<span class="meter"><i style="width:${decimal(share * 100, 1)}%"></i></span>`;
}
