import { count, decimal, escapeHtml } from './html.ts';
import type { ReportSection } from './section.ts';

/** How fast the model answers on the machine that evaluated it; nothing where that was not measured. */
export const latencySection: ReportSection = {
  title: 'How fast is it?',
  body: ({ latency }) => {
    if (latency === undefined) return '';
    const { machine, singleRow, batch } = latency;
    const card = (name: string, value: string, unit: string, why: string): string =>
      `<div class="card metric"><div class="name">${name}</div><div class="value">${value}</div><div class="spread">${unit}</div><div class="why">${why}</div></div>`;
    return `<div class="metrics">${card('One row', milliseconds(singleRow.p50Ms), 'ms, the median', `half of ${count(singleRow.calls)} calls were faster`)}${card('One row, at worst', milliseconds(singleRow.p99Ms), 'ms, p99', '99 of 100 calls were faster')}${card('In batches', count(batch.rowsPerSecond), 'rows a second', `${count(batch.rows)} rows a call, one thread`)}</div>
<p class="soft small">From raw columns to the prediction, on ${escapeHtml(machine)}. What a caller sees has the network, the API and cold starts on top, and a serving function with less memory has less processor: no gate stands on this.</p>`;
  },
};

/** Two digits that tell something. */
function milliseconds(value: number): string {
  return value >= 10 ? decimal(value, 0) : value >= 1 ? decimal(value, 1) : decimal(value, 3);
}
