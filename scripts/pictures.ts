/**
 * Makes the README's and the guides' pictures from a real run: docs/images/run.svg from what the demo prints, docs/images/report.png from its report,
 * docs/images/docs-page.png from the page on which its model is tried.
 * Usage: node scripts/pictures.ts   (needs Chromium at /usr/bin/chromium, or CHROMIUM)
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '..');
const images = path.join(root, 'docs/images');

const colours: Record<string, string> = { '31': '#f47067', '32': '#6bc46d', '33': '#daaa3f', '36': '#56d4dd' };

/** Text with ANSI colours as an SVG that looks like a terminal window. */
function terminalSvg(text: string): string {
  const lines = text.trimEnd().split('\n');
  const [size, lineHeight, left, top] = [13, 19, 20, 52];
  const columns = Math.max(...lines.map((line) => plain(line).length));
  const width = Math.ceil(columns * size * 0.602) + 2 * left;
  const height = lines.length * lineHeight + top + 16;
  const rows = lines.map((line, index) => `<text x="${String(left)}" y="${String(top + index * lineHeight)}" xml:space="preserve">${spans(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(size)}" fill="#d1d7e0">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<circle cx="22" cy="20" r="6" fill="#f47067"/><circle cx="42" cy="20" r="6" fill="#daaa3f"/><circle cx="62" cy="20" r="6" fill="#6bc46d"/>
${rows.join('\n')}
</svg>
`;
}

// eslint-disable-next-line no-control-regex -- the escape character is what ANSI colours begin with
const escape = /\u001b\[(\d+)m/;

function plain(line: string): string {
  return line.replaceAll(new RegExp(escape, 'g'), '');
}

function spans(line: string): string {
  const parts = line.split(escape);
  const style = { fill: '', weight: '', opacity: '' };
  let output = '';
  parts.forEach((part, index) => {
    if (index % 2 === 0) {
      if (part !== '') output += `<tspan${style.fill}${style.weight}${style.opacity}>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</tspan>`;
    } else if (colours[part] !== undefined) style.fill = ` fill="${colours[part]}"`;
    else if (part === '39') style.fill = '';
    else if (part === '1') style.weight = ' font-weight="bold"';
    else if (part === '2') style.opacity = ' opacity="0.6"';
    else if (part === '22') style.weight = style.opacity = '';
  });
  return output;
}

/** The page of the model that the demo has registered, with a prediction made by a click. */
async function docsPicture(browser: Browser, demoParameters: readonly string[]): Promise<void> {
  const at = demoParameters.indexOf('--state');
  const state = at === -1 ? [] : demoParameters.slice(at, at + 2);
  const server = spawn(process.execPath, ['bin/slipway.ts', 'serve', '--port', '0', '--json', ...state], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'close');
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const page = await browser.newPage({ viewport: { width: 1160, height: 900 }, colorScheme: 'light' });
  await page.goto(`${(JSON.parse(line) as { url: string }).url}/docs`);
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.waitForSelector('#prediction');
  // Where the mouse and the focus are would be in the picture.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(images, 'docs-page.png'), fullPage: true });
  server.kill('SIGTERM');
  await ended;
}

mkdirSync(images, { recursive: true });
const demo = spawnSync(process.execPath, ['bin/slipway.ts', 'demo', ...process.argv.slice(2)], { cwd: root, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '1' }, maxBuffer: 1e8 });
if (demo.status !== 0) throw new Error(`The demo failed:\n${demo.stdout}\n${demo.stderr}`);
writeFileSync(path.join(images, 'run.svg'), terminalSvg(`$ npm run demo\n${demo.stdout}`));

const report = /Open\s+(\S+\.html)/.exec(plain(demo.stdout))?.[1];
if (report === undefined) throw new Error(`The demo named no report:\n${demo.stdout}`);
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await browser.newPage({ viewport: { width: 1100, height: 1400 }, colorScheme: 'light' });
await page.goto(pathToFileURL(path.resolve(root, report)).href);
await page.screenshot({ path: path.join(images, 'report.png') });
await docsPicture(browser, process.argv.slice(2));
await browser.close();
