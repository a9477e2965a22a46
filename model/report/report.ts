import { escapeHtml } from './html.ts';
import type { ReportInput } from './input.ts';
import { sections } from './sections.ts';
import { style } from './style.ts';
import { verdictCard } from './verdict.ts';

export type { ReportInput } from './input.ts';

/** The report of a trained model as one HTML page that asks nothing of any server. */
export function renderReport(input: ReportInput): string {
  const title = escapeHtml(input.title);
  const when = escapeHtml(input.createdAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'));
  const parts = sections.map((section) => ({ title: section.title, body: section.body(input) })).filter(({ body }) => body !== '');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · model report</title><style>${style}</style></head><body><main>
<header><p class="over">Model report · ${when}</p><h1>${title}</h1></header>
${verdictCard(input)}
${parts.map((part) => `<h2>${part.title}</h2>\n${part.body}`).join('\n')}
<footer>Written by Slipway’s ValidateModel state. Held-out metrics come from the converted ONNX model, the one that is served.</footer>
</main></body></html>
`;
}
