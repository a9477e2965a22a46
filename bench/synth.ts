import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** How often each size is measured; the fastest counts, since whatever else the machine does only adds to it. */
const repetitions = 3;

/** What Slipway promises: 30 ms for each further pipeline, and room below CloudFormation's 500 resources a stack. */
const target = { millisecondsPerPipeline: 30, resourcesPerStack: 480 };

interface Synth {
  readonly seconds: number;
  /** Of all threads, so also what compiles and collects garbage beside the main one. */
  readonly cpuSeconds: number;
  readonly stacks: number;
  readonly resources: number;
  readonly largestStack: number;
}

/** Synthesis of an empty CDK app and of apps with 1, 10 and 50 pipelines, each in a process of its own. */
export function run(): Promise<object> {
  const [empty, one, ten, fifty] = [0, 1, 10, 50].map(fastest) as [Synth, Synth, Synth, Synth];
  const between = (few: Synth, many: Synth, more: number): number => Number((((many.seconds - few.seconds) / more) * 1000).toFixed(1));
  const millisecondsPerPipeline = { from1To10: between(one, ten, 9), from10To50: between(ten, fifty, 40), from1To50: between(one, fifty, 49) };
  const largestStack = Math.max(one.largestStack, ten.largestStack, fifty.largestStack);
  return Promise.resolve({
    empty,
    pipelines1: one,
    pipelines10: ten,
    pipelines50: fifty,
    millisecondsPerPipeline,
    target,
    met: millisecondsPerPipeline.from1To50 <= target.millisecondsPerPipeline && largestStack <= target.resourcesPerStack,
  });
}

function fastest(pipelines: number): Synth {
  const runs = Array.from({ length: repetitions }, () => JSON.parse(execFileSync(process.execPath, [path.join(import.meta.dirname, 'synth-app.ts'), String(pipelines)], { encoding: 'utf8' })) as Synth);
  const best = runs.reduce((least, synth) => (synth.seconds < least.seconds ? synth : least));
  return { ...best, seconds: Number(best.seconds.toFixed(3)), cpuSeconds: Number(best.cpuSeconds.toFixed(3)) };
}
