import { App, Tags } from 'aws-cdk-lib';
import { flightDelays } from '../examples/flight-delays/flight-delays.ts';
import cdkJson from '../cdk.json' with { type: 'json' };

// The CDK CLI hands over cdk.json's context and the output folder; `node bin/app.ts` alone takes the same.
const app = new App({ context: cdkJson.context, outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });

const context = (key: string, fallback: string): string => String(app.node.tryGetContext(key) ?? fallback);
const name = context('name', 'slipway');
const stage = context('stage', 'dev');

flightDelays(app, { name, stage, env: { region: context('region', 'us-east-1') } });
Tags.of(app).add('slipway:app', name);
Tags.of(app).add('slipway:stage', stage);

app.synth();
