import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Algorithm, Column, Dataset, Feature, Gate, InferenceApi, Label, PipelineStack, PlatformStack } from '../lib/index.ts';

/**
 * Synthesises an app with so many pipelines (an argument), each in a stack of its own over one platform and one API, and prints
 * `{seconds, stacks, resources, largestStack}`. 0 is an empty CDK app with one empty stack. The seconds are those of constructing and
 * synthesising; loading aws-cdk-lib is the same for all.
 */
const pipelines = Number(process.argv[2]);
const outdir = mkdtempSync(path.join(tmpdir(), 'slipway-synth-bench-'));
const { context } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
const env = { region: 'us-east-1' };

const dataset = () =>
  new Dataset({
    columns: [Column.timestamp('date', { nullable: false }), Column.integer('delay'), Column.integer('distance', { minimum: 0 }), Column.string('origin')],
    label: Label.above('delay', 15, 'late'),
  });

try {
  const [startedAt, cpuAt] = [performance.now(), process.cpuUsage()];
  const app = new App({ outdir, context, analyticsReporting: false, builtinCloudFormationValidation: false });
  if (pipelines === 0) new Stack(app, 'Empty', { env });
  else {
    const { platform, registry } = new PlatformStack(app, 'Platform', { env });
    const target = new InferenceApi(new Stack(app, 'Serving', { env }), 'Api', { platform, targetName: 'bench' });
    for (let index = 1; index <= pipelines; index += 1) {
      new PipelineStack(app, `Pipeline${String(index)}`, {
        env,
        pipeline: {
          pipelineName: `bench-${String(index)}`,
          platform,
          registry,
          target,
          dataset: dataset(),
          features: [Feature.hourOfDay('date'), Feature.numeric('distance'), Feature.category('origin')],
          algorithm: Algorithm.xgboost({ numRound: 100 }),
          gates: [Gate.metric('auc').above(0.7)],
        },
      });
    }
  }
  app.synth();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuAt);
  const counts = readdirSync(outdir)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => Object.keys((JSON.parse(readFileSync(path.join(outdir, name), 'utf8')) as { Resources?: object }).Resources ?? {}).length);
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, stacks: counts.length, resources: counts.reduce((sum, count) => sum + count, 0), largestStack: Math.max(0, ...counts) }));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
