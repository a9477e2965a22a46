import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildImages } from './build/images.ts';
import { startServer } from '../bench/serving/process.ts';
import { createWorld } from './soak/world.ts';
import { drive, peakOf, type Traffic } from './soak/traffic.ts';

const help = `Serves predictions at 70 % of the model server's peak, through a model swap, a canary and a rollback: no request may fail, and memory stays flat.

  npm run soak:serving -- --minutes 10 [--json]`;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
const seconds = Number(values.minutes) * 60;
/** A record is trusted so long; after a change, and the time of a request that was under way, nothing of the old one may answer. */
const revalidateSeconds = 1;
const slackMs = 500;
/** How much more memory than at first counts as a leak. */
const largestGrowth = 1.15;

if (values.help || !(seconds > 0)) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
const say = (line: string): void => { (values.json ? process.stderr : process.stdout).write(`${line}\n`); };
const folder = await mkdtemp(path.join(tmpdir(), 'soak-serving-'));
const world = await createWorld(folder, 3);
try {
  await world.write({ stable: world.model(1) });
  const [image] = await buildImages(path.resolve(import.meta.dirname, '../dist/images'), [process.arch === 'arm64' ? 'arm64' : 'x64']);
  const program = [process.execPath, '--max-semi-space-size=2', path.join(image!.folder, 'model-server/index.mjs'), 'serve'];
  const server = await startServer(program, { ...world.environment, REVALIDATE_SECONDS: String(revalidateSeconds), PORT: '0', HOST: '127.0.0.1' });
  try {
    const peak = await peakOf(server.url, Math.min(5, seconds / 4));
    const rate = Math.floor(0.7 * peak);
    say(`peak ${String(Math.round(peak))} requests a second; ${String(rate)} a second for ${values.minutes} minutes`);
    const traffic: Traffic = { requests: 0, refused: {}, lost: 0, answers: {}, lastAnswer: {} };
    const memory: number[] = [];
    const sampling = setInterval(() => void residentMb(server.pid).then((mb) => memory.push(mb)), Math.min(1000, (seconds * 1000) / 60));
    const withdrawn: Record<string, number> = {};
    const [{ p99Ms }] = await Promise.all([drive(server.url, rate, seconds, traffic), changes(withdrawn)]);
    clearInterval(sampling);
    const late = Object.entries(withdrawn).filter(([version, at]) => (traffic.lastAnswer[version] ?? 0) > at + revalidateSeconds * 1000 + slackMs);
    const growth = median(memory.slice(-Math.ceil(memory.length / 5))) / median(memory.slice(Math.ceil(memory.length / 5), Math.ceil((2 * memory.length) / 5)));
    const failed = traffic.lost + Object.values(traffic.refused).reduce((sum, count) => sum + count, 0);
    const result = {
      minutes: Number(values.minutes), peak: Math.round(peak), rate, requests: traffic.requests, failed, refused: traffic.refused, lost: traffic.lost, answers: traffic.answers,
      answeredAfterWithdrawal: late.map(([version]) => version), p99Ms, memoryMb: { largest: Math.max(...memory), growth: Number(growth.toFixed(3)) },
      passed: failed === 0 && late.length === 0 && growth <= largestGrowth && ['1', '2', '3'].every((version) => (traffic.answers[version] ?? 0) > 0),
    };
    if (values.json) console.log(JSON.stringify(result));
    else say(`${result.passed ? 'passed' : 'FAILED'}: ${String(result.requests)} requests, ${String(failed)} failed; memory at most ${String(result.memoryMb.largest)} MB, ${String(result.memoryMb.growth)} times that of the beginning; by version ${JSON.stringify(traffic.answers)}${late.length === 0 ? '' : `; answered after they were withdrawn: ${late.map(([version]) => version).join(', ')}`}`);
    process.exitCode = result.passed ? 0 : 1;
  } finally {
    await server.stop();
  }
} finally {
  await world.close();
  await rm(folder, { recursive: true, force: true });
}

/** What a team does to a target meanwhile: a new model, a canary of the next, more of it, and its rollback. */
async function changes(withdrawn: Record<string, number>): Promise<void> {
  const step = async (share: number, what: string, record: Parameters<typeof world.write>[0]): Promise<void> => {
    await delay(share * seconds * 1000);
    await world.write(record);
    say(what);
  };
  const [first, second, third] = [world.model(1), world.model(2), world.model(3)];
  await step(0.3, 'version 2 takes the place of version 1', { stable: second });
  withdrawn[first.modelVersion] = Date.now();
  await step(0.15, 'version 3 gets 10 %', { stable: second, canary: { model: third, weight: 0.1 } });
  await step(0.15, 'version 3 gets 50 %', { stable: second, canary: { model: third, weight: 0.5 } });
  await step(0.15, 'version 3 is rolled back', { stable: second });
  withdrawn[third.modelVersion] = Date.now();
}

async function residentMb(pid: number): Promise<number> {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8'))![1]) / 1024);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
