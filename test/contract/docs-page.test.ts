import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithOracle } from '../support/oracle.ts';
import { rows } from './cases.ts';
import { inProcess } from './suite.ts';
import type { Target } from './target.ts';

describeWithOracle('chromium', 'the page in a browser, behind a stage', () => {
  let core: Target;
  let server: Server;
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];
  const complaints: string[] = [];
  let root: string;

  beforeAll(async () => {
    core = await inProcess();
    server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        requested.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
        // As a REST API does: the stage is in the address, and not in what the function gets.
        const path = (incoming.url ?? '').replace(/^\/prod/, '');
        const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
        void core.send({ method: incoming.method ?? '', path, headers, body: Buffer.concat(chunks) }).then(({ status, headers: answered, body }) => outgoing.writeHead(status, answered).end(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    root = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/prod`;
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    page = await browser.newPage({ colorScheme: 'dark' });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(`${root}/docs`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await core?.close?.();
  });

  const shown = async (): Promise<unknown> => JSON.parse((await page.locator('#answer pre').textContent()) ?? '') as unknown;
  const predicted = async (row: object): Promise<object> => {
    const { body } = await core.send({ method: 'POST', path: '/predict', headers: {}, body: Buffer.from(JSON.stringify({ input: row })) });
    return JSON.parse(body.toString()) as object;
  };

  test('the example row is predicted by a click', async () => {
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.waitForSelector('#prediction');
    const example = { start: '2026-11-20T12:00:00', distance: 1, passengers: 5, weekend: true, station: 'north', note: 'text' };
    expect(await shown()).toEqual(await predicted(example));
    expect(await page.locator('#prediction').textContent()).toBe(String(((await shown()) as { prediction: number }).prediction));
  });

  test('what is typed is what is predicted, and the command says the same', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('start').fill('2026-03-07T18:05:30');
    await page.getByLabel('distance').fill('12.5');
    await page.getByLabel('station').selectOption('east, "old"');
    await page.getByLabel('weekend').selectOption('false');
    await page.getByLabel('note').fill("it's <b>");
    await page.getByLabel('note').press('Enter');
    const row = { start: '2026-03-07T18:05:30', distance: 12.5, weekend: false, station: 'east, "old"', note: "it's <b>" };
    await expect.poll(shown).toEqual(await predicted(row));
    expect(await page.locator('#command').textContent()).toBe(`curl '${root}/predict' \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify({ input: row }).replace("'", "'\\''")}'`);
  });

  test('a field that is refused says so, and is where the reader is led', async () => {
    await page.getByLabel('distance').fill('-1');
    await page.getByRole('button', { name: 'Predict' }).click();
    const distance = page.getByLabel('distance');
    await expect.poll(() => distance.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#answer').textContent()).toContain("'distance' is the number -1, expected at least 0");
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('distance');
    await page.getByRole('button', { name: 'Example row' }).click();
    expect(await distance.getAttribute('aria-invalid')).toBeNull();
  });

  test('each field has its label and its hint, and the page follows the reader into the dark', async () => {
    expect(await page.getByRole('textbox').or(page.getByRole('spinbutton')).or(page.getByRole('combobox')).count()).toBeGreaterThanOrEqual(Object.keys(rows[1]!).length);
    const unlabelled = await page.evaluate("[...document.querySelectorAll('input, select')].filter(({ labels }) => labels.length !== 1).map(({ id }) => id)");
    expect(unlabelled).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(11, 16, 27)');
  });

  test('nothing is asked of anybody else, and the policy is kept to', () => {
    // The refused row's 400 is the one thing that a console tells of.
    expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
    expect(requested.filter((url) => url.startsWith('http') && !url.startsWith(root))).toEqual([]);
    expect(requested.filter((line) => line.startsWith('POST')).every((line) => line === 'POST /prod/predict')).toBe(true);
  });
});
