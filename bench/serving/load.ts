import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { servingRows } from './model.ts';

/** What a load came to. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Whether wrk is there: a generator in C, since one in Node takes a whole core of two for itself. */
export function hasWrk(): boolean {
  try {
    execFileSync('wrk', ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // wrk prints its version and ends with 1.
    return (error as { code?: string }).code !== 'ENOENT';
  }
}

/** Asks for predictions of different rows over connections that stay open. @throws Error where an answer is not 200 */
export async function load(url: string, folder: string, { connections, seconds }: { readonly connections: number; readonly seconds: number }): Promise<Load> {
  const script = path.join(folder, 'predict.lua');
  const bodies = servingRows(64, 7).map((row) => `'${JSON.stringify({ input: [...row] })}'`);
  writeFileSync(script, `
local bodies = {${bodies.join(',')}}
local headers = {['content-type'] = 'application/json'}
local next = 0
request = function()
  next = next % #bodies + 1
  return wrk.format('POST', '/predict', headers, bodies[next])
end
done = function(summary, latency, requests)
  io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"p50":%f,"p99":%f,"errors":%d}\\n', summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
`);
  const child = spawn('wrk', ['-t1', `-c${String(connections)}`, `-d${String(seconds)}s`, '-s', script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  const found = /RESULT (\{.*\})/.exec(text)?.[1];
  if (found === undefined) throw new Error(`wrk gave no result:\n${text}`);
  const { requests, microseconds, p50, p99, errors } = JSON.parse(found) as Record<string, number>;
  if (errors! > 0) throw new Error(`${String(errors)} of ${String(requests)} requests to ${url} failed.`);
  return { requestsPerSecond: requests! / (microseconds! / 1e6), p50Ms: p50! / 1000, p99Ms: p99! / 1000 };
}
