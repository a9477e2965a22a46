import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { awsPorts } from './aws-ports.ts';
import { stop } from './drive.ts';
import { driveEndpointEnv, type DriveEndpointEnv } from './env.ts';
import { driveEndpointSchema, type Driven } from './payload.ts';
import { endpointSpecSchema } from './spec-schema.ts';
import { driveTarget, trialSpec } from './trial.ts';

const env: DriveEndpointEnv = readEnv(driveEndpointEnv);
const spec = parse(endpointSpecSchema, JSON.parse(env.ENDPOINT), 'ENDPOINT');
const at = (key: string) => ({ bucket: env.RECORD_BUCKET, key });
const ports = awsPorts(spec, at(env.RECORD_KEY), at(env.STATE_KEY));
const trial = awsPorts(trialSpec(spec), at(env.RECORD_KEY), at(env.TRIAL_STATE_KEY));

/** Brings a SageMaker endpoint to its deployment record, a step a call; or stops and starts it by a schedule. */
export const handler = task('drive-endpoint', driveEndpointSchema, async ({ action }, { logger }): Promise<Driven> => {
  logger.appendKeys({ endpoint: spec.endpointName, action });
  const driven = action === 'stop' ? await stop(ports) : await driveTarget(spec, ports, trial);
  logger.info('The endpoint was driven', { ...driven });
  return driven;
});
