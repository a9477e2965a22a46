import { count, decimal, escapeHtml, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import type { ReportSection } from './section.ts';

/** Rows, split, columns and their nulls. */
export const dataSection: ReportSection = { title: 'The data', body };

function body({ data }: ReportInput): string {
  const { train, validation, test } = data.split;
  const parts: [string, number][] = [['training', train], ['validation', validation], ['held out', test]];
  const sum = train + validation + test;
  const bar = parts.map(([name, rows]) => `<i style="width:${decimal((rows / sum) * 100, 2)}%" title="${name}"></i>`).join('');
  const words = parts.map(([name, rows]) => `${count(rows)} ${name} (${percent(rows / sum)})`).join(' · ');
  const unplaced = data.splitBy?.unplacedRows ?? 0;
  const unlabelled = data.rows - sum - unplaced;
  const missing = [...(unlabelled > 0 ? [`${count(unlabelled)} without a label`] : []), ...(unplaced > 0 ? [`${count(unplaced)} without a ${data.splitBy?.kind ?? 'place'}`] : [])];
  const dropped = missing.length > 0 ? ` · ${missing.join(' and ')}, in no part` : '';
  const warnings = (data.warnings ?? []).map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  const columns = data.columns ?? [];
  const table = columns.map((column) => `<tr><td><code>${escapeHtml(column.name)}</code></td><td>${escapeHtml(column.type)}</td><td>${escapeHtml(column.range ?? '')}</td><td class="n">${nullShare(column.nullShare)}</td></tr>`).join('');
  return `<section class="card"><h3>${count(data.rows)} rows</h3><div class="bar">${bar}</div><div class="soft small">${words}${dropped}</div>
${table === '' ? '' : `<div class="scroll" style="margin-top:14px"><table><thead><tr><th>Column</th><th>Type</th><th>Holds</th><th class="n">Missing</th></tr></thead><tbody>${table}</tbody></table></div>`}
${warnings === '' ? '' : `<p class="small" style="margin:14px 0 0"><b>Noted in this data</b></p><ul class="small">${warnings}</ul>`}</section>`;
}

function nullShare(share: number): string {
  return share === 0 ? 'none' : percent(share, share < 0.001 ? 3 : 1);
}
