import { createHash } from 'node:crypto';
import type { ColumnSpec } from '../../spec/dataset.ts';
import { classesOf } from '../formats/answers.ts';
import type { Served } from '../live-models.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** A page, and the policy that lets it run nothing but itself. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  // The predictions, and an icon that is none.
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page on which a person tries the model: a form of its columns, filled with a row that it takes. It loads nothing from anywhere. */
export function docsPage(served: Served, example: Readonly<Record<string, unknown>>): Page {
  const { identity, model } = served;
  const { columns } = model.schema;
  const name = escaped(identity.modelName);
  const data = JSON.stringify({ columns: columns.map(({ name: column, type }) => ({ name: column, type })), example }).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}: try the model</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<div class="head"><h1>${name}</h1><span class="badge">version ${escaped(identity.modelVersion)}</span></div>
<p class="lead">${escaped(sentence(served))} Fill in a row and ask for its prediction; <a href="openapi.json">openapi.json</a> describes every route, <a href="model/info">model/info</a> the model.</p>
<div class="columns">
<section class="card" aria-labelledby="row-title">
<h2 id="row-title">A row</h2>
<form id="row" novalidate>
<div class="fields">
${columns.map(fieldOf).join('\n')}
</div>
<details>
<summary>Credentials</summary>
<div class="fields">
<div><label for="header-name">Header</label><input id="header-name" autocomplete="off" spellcheck="false" placeholder="x-api-key"></div>
<div><label for="header-value">Its value</label><input id="header-value" type="password" autocomplete="off"></div>
</div>
<p class="hint">Where the API asks for a key or a token. It is sent to this API alone, and kept nowhere.</p>
</details>
<div class="buttons"><button class="main" type="submit">Predict</button><button type="button" id="example">Example row</button><button type="button" id="clear">Clear</button></div>
</form>
</section>
<div>
<section class="card" aria-labelledby="answer-title">
<h2 id="answer-title">The prediction</h2>
<div id="answer" aria-live="polite"><p class="soft">Press Predict.</p></div>
</section>
<section class="card" aria-labelledby="command-title">
<div class="row"><h2 id="command-title">From a shell</h2><button type="button" id="copy">Copy</button></div>
<pre id="command" tabindex="0" aria-label="The command"></pre>
</section>
<section class="card" aria-labelledby="facts-title">
<h2 id="facts-title">The model</h2>
<dl class="facts">${factsOf(served).map(([term, value]) => `<dt>${escaped(term)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
</section>
</div>
</div>
</main>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, contentSecurityPolicy };
}

function sentence({ model }: Served): string {
  const { task, schema } = model.description;
  const { name } = schema.label;
  if (task === 'regression') return `Predicts the number ${name}.`;
  if (task === 'binary') return `Tells whether a row is ${name}: 1 or 0, and how probable each is.`;
  return `Tells which ${name} a row is, one of ${String(classesOf(model.description).length)}.`;
}

function factsOf({ identity, model }: Served): [string, string][] {
  const { trainedAt, trainer } = model.description;
  const metrics = Object.entries(identity.metrics ?? {}).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, String(Number(value.toPrecision(4)))]]));
  return [['Trained', trainedAt], ['By', trainer], ...(identity.sha256 === undefined ? [] : [['SHA-256', identity.sha256] as [string, string]]), ...metrics];
}

function fieldOf(column: ColumnSpec, index: number): string {
  const id = `c${String(index)}`;
  return `<div><label for="${id}">${escaped(column.name)}</label>${control(column, id, `aria-describedby="h${String(index)} p${String(index)}"`)}<div class="hint" id="h${String(index)}">${escaped(hintOf(column))}</div><div class="problem" id="p${String(index)}"></div></div>`;
}

function control({ type, categories, minimum, maximum }: ColumnSpec, id: string, described: string): string {
  const options = type === 'boolean' ? ['true', 'false'] : categories;
  if (options !== undefined) return `<select id="${id}" ${described}><option value="">—</option>${options.map((value) => `<option>${escaped(value)}</option>`).join('')}</select>`;
  if (type === 'timestamp') return `<input id="${id}" type="datetime-local" step="1" ${described}>`;
  if (type === 'string') return `<input id="${id}" autocomplete="off" ${described}>`;
  const bounds = `${minimum === undefined ? '' : ` min="${String(minimum)}"`}${maximum === undefined ? '' : ` max="${String(maximum)}"`}`;
  return `<input id="${id}" type="number" step="${type === 'integer' ? '1' : 'any'}"${bounds} ${described}>`;
}

const kinds: Readonly<Record<ColumnSpec['type'], string>> = { number: 'A number', integer: 'A whole number', string: 'A text', boolean: 'True or false', timestamp: 'A local time' };

function hintOf({ type, nullable, minimum, maximum, categories }: ColumnSpec): string {
  const bounds = minimum !== undefined && maximum !== undefined ? ` from ${String(minimum)} to ${String(maximum)}` : minimum !== undefined ? ` of at least ${String(minimum)}` : maximum !== undefined ? ` of at most ${String(maximum)}` : '';
  return `${categories === undefined ? kinds[type] : `One of ${String(categories.length)}`}${bounds}${nullable ? ', or left out' : ''}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
