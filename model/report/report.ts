import { escapeHtml } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricCards } from './metrics.ts';
import { chartSection, dataSection, lineageSection } from './sections.ts';
import { sliceSection } from './slices.ts';
import { style } from './style.ts';
import { verdictCard } from './verdict.ts';

export type { ReportInput } from './input.ts';

/** The report of a trained model as one HTML page that asks nothing of any server. */
export function renderReport(input: ReportInput): string {
  const title = escapeHtml(input.title);
  const when = escapeHtml(input.createdAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · model report</title><style>${style}</style></head><body><main>
<header><p class="over">Model report · ${when}</p><h1>${title}</h1></header>
${verdictCard(input)}
<h2>How good is it?</h2>
${metricCards(input)}
<h2>A closer look</h2>
${chartSection(input)}
${sliceSection(input.slices)}
<h2>The data</h2>
${dataSection(input)}
<h2>Where it comes from</h2>
${lineageSection(input)}
<footer>Written by Slipway’s ValidateModel state. Held-out metrics come from the converted ONNX model, the one that is served.</footer>
</main></body></html>
`;
}
