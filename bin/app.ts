import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { flightDelays } from '../examples/flight-delays/flight-delays.ts';

const { context: flags } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/**
 * The deployable app. The CDK CLI hands over cdk.json's context, its own settings and the output folder; run by itself the app takes
 * the same: `node bin/app.ts` writes cdk.out.
 */
export const app = new App({
  outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
  autoSynth: true,
  context: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true, ...flags },
});

const setting = (key: string, fallback: string): string => String(app.node.tryGetContext(key) ?? fallback);
const name = setting('name', 'slipway');
const stage = setting('stage', 'dev');

flightDelays(app, {
  name,
  stage,
  env: { region: setting('region', 'us-east-1') },
  minimumAuc: Number(setting('minimumAuc', '0.72')),
});
Tags.of(app).add('slipway:app', name);
Tags.of(app).add('slipway:stage', stage);
