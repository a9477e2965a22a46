import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { carConsumption } from '../examples/cars/cars.ts';
import { ownContainer } from '../examples/container/container.ts';
import { flightDelays } from '../examples/flight-delays/flight-delays.ts';
import { penguinSpecies } from '../examples/penguins/penguins.ts';
import { servingChoice } from './cli/serving-choice.ts';
import { sourceRevision } from './cli/source-revision.ts';

const { context: flags } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/**
 * The deployable app: the flights, or the example that `-c example=..` names. The CDK CLI hands over cdk.json's context, its own
 * settings and the output folder; run by itself the app takes the same: `node bin/app.ts` writes cdk.out.
 */
export const app = new App({
  outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
  autoSynth: true,
  context: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true, ...flags },
});

const setting = (key: string, fallback: string): string => String(app.node.tryGetContext(key) ?? fallback);
const example = setting('example', 'flight-delays');
const name = setting('name', example === 'flight-delays' ? 'slipway' : example);
const stage = setting('stage', 'dev');
const revision = sourceRevision(app.node.tryGetContext('revision'), process.env, process.cwd());
const copy = { name, stage, env: { region: setting('region', 'us-east-1') }, ...(revision === undefined ? {} : { sourceRevision: revision }) };
/** `-c targets=http,fargate` or `-c targets=all`, `-c staging=..`, `-c production=..`: what serves the flights or the penguins. */
const serving = servingChoice(setting, example, ['flight-delays', 'penguins']);
const choice = serving === undefined ? {} : { serving };

/** `-c split=time` holds out the newest flights, `-c minimumAuc=..` moves the gate, `-c featureGroup=true` keeps each airport's newest flight. */
function flightSettings(): { splitByTime: boolean; featureGroup: boolean; minimumAuc?: number } {
  const split = setting('split', 'rowHash');
  if (split !== 'rowHash' && split !== 'time') throw new Error(`The context value split is '${split}', expected rowHash or time.`);
  const minimumAuc = setting('minimumAuc', '');
  return { splitByTime: split === 'time', featureGroup: setting('featureGroup', 'false') === 'true', ...(minimumAuc === '' ? {} : { minimumAuc: Number(minimumAuc) }) };
}

/** `-c tuning=true` searches hyperparameters in 20 training jobs, `-c tuning=6` in as many. */
function penguinTrials(): number {
  const tuning = setting('tuning', 'false');
  const trials = tuning === 'true' ? 20 : tuning === 'false' ? 0 : Number(tuning);
  if (!Number.isInteger(trials) || trials < 0) throw new Error(`The context value tuning is '${tuning}', expected true, false or a number of trials.`);
  return trials;
}

/** Whether the penguins' models are approved by a person: `-c approval=manual`. */
function approval(): boolean {
  const given = setting('approval', 'automatic');
  if (given !== 'automatic' && given !== 'manual') throw new Error(`The context value approval is '${given}', expected automatic or manual.`);
  return given === 'manual';
}

switch (example) {
  case 'flight-delays':
    flightDelays(app, { ...copy, ...choice, ...flightSettings() });
    break;
  case 'penguins':
    penguinSpecies(app, { ...copy, ...choice, minimumAccuracy: Number(setting('minimumAccuracy', '0.9')), trials: penguinTrials(), manualApproval: approval() });
    break;
  case 'cars':
    carConsumption(app, { ...copy, maximumRmse: Number(setting('maximumRmse', '4')) });
    break;
  case 'container':
    ownContainer(app, copy);
    break;
  default:
    throw new Error(`The context value example is '${example}', expected flight-delays, penguins, cars or container.`);
}
Tags.of(app).add('slipway:app', name);
Tags.of(app).add('slipway:stage', stage);
