import { endpointSpecSchema } from '../../model/serving/endpoint-spec.ts';
import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { awsPorts } from './aws-ports.ts';
import { drive, stop } from './drive.ts';
import { driveEndpointEnv, type DriveEndpointEnv } from './env.ts';
import { driveEndpointSchema, type Driven } from './payload.ts';

const env: DriveEndpointEnv = readEnv(driveEndpointEnv);
const spec = parse(endpointSpecSchema, JSON.parse(env.ENDPOINT), 'ENDPOINT');
const ports = awsPorts(spec, { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY }, { bucket: env.RECORD_BUCKET, key: env.STATE_KEY });

/** Brings a SageMaker endpoint to its deployment record, a step a call; or stops and starts it by a schedule. */
export const handler = task('drive-endpoint', driveEndpointSchema, async ({ action }, { logger }): Promise<Driven> => {
  logger.appendKeys({ endpoint: spec.endpointName, action });
  const driven = action === 'stop' ? await stop(ports) : await drive(spec, ports);
  logger.info('The endpoint was driven', { ...driven });
  return driven;
});
