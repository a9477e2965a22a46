import { decimal, escapeHtml, percent } from './html.ts';
import type { ReportInput } from './input.ts';

/** A chart with a title and what it shows. */
export function figureCard(title: string, caption: string, svg: string): string {
  return `<figure class="card"><h3>${title}</h3><figcaption>${caption}</figcaption>${svg}</figure>`;
}

/** What the trees split on, the feature with the largest share first. */
export function importanceCard({ importance }: ReportInput): string {
  if (importance === undefined || importance.length === 0) return '';
  const sorted = importance.toSorted((a, b) => b.share - a.share);
  const widest = sorted[0]?.share ?? 1;
  const rows = sorted.slice(0, 12).map(({ feature, share }) => `<tr><td>${escapeHtml(feature)}</td><td>${meter(share / widest)}${percent(share)}</td></tr>`);
  const rest = sorted.length > 12 ? `<p class="soft small">and ${String(sorted.length - 12)} more</p>` : '';
  return `<section class="card"><h3>What the trees use</h3><div class="soft small">Each feature’s share of what all splits gained.</div><table><tbody>${rows.join('')}</tbody></table>${rest}</section>`;
}

/** A share as a bar. */
export function meter(share: number): string {
  return `<span class="meter"><i style="width:${decimal(share * 100, 1)}%"></i></span>`;
}
