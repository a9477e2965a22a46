import type { AddressInfo } from 'node:net';
import type { ModelServerEnv } from './env.ts';
import { modelsOf } from './models.ts';
import { modelServer } from './server.ts';

const env: ModelServerEnv = process.env;
const log = (level: string) => (message: string, details: Readonly<Record<string, unknown>> = {}) => console.log(JSON.stringify({ level, message, ...details }));
const info = log('INFO');
const error = log('ERROR');

const models = await modelsOf(env, { info, error });
// Loaded before it listens; where there is no model yet, requests are told so.
await models.all().catch(() => undefined);

const server = modelServer({
  choose: (version) => models.choose(version),
  all: () => models.all(),
  maximumRows: Number(env.MAX_BATCH_ROWS ?? '10000'),
  observe: () => undefined,
  onFailure: (reason, requestId) => error('A request failed', { requestId, reason: String(reason) }),
});
server.listen(Number(env.PORT ?? '8080'), env.HOST, () => info('Listening', { port: (server.address() as AddressInfo).port }));

process.once('SIGTERM', () => {
  info('Stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
