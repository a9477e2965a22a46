import { decimal } from './html.ts';

/** A chart with a title and what it shows. */
export function figureCard(title: string, caption: string, svg: string): string {
  return `<figure class="card"><h3>${title}</h3><figcaption>${caption}</figcaption>${svg}</figure>`;
}

/** A share as a bar. */
export function meter(share: number): string {
  return `<span class="meter"><i style="width:${decimal(share * 100, 1)}%"></i></span>`;
}
