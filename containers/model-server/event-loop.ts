import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { HeavyRequests } from '../../model/serving/heavy/heavy-requests.ts';
import type { ModelServerEnv } from './env.ts';
import { log } from './log.ts';
import { modelsOf } from './models.ts';
import { Reporting } from './reporting.ts';
import { modelServer } from './server.ts';

/** One event loop that answers requests, in a thread of its own. */
export interface EventLoop {
  readonly port: number;
  /** Takes no new connection, and resolves when all requests that came before are answered. */
  stop(): Promise<void>;
}

/**
 * Loads the models and listens.
 * @param port where; 0 takes any
 * @param loops how many listen there, with this one: the kernel shares the connections out between them
 */
export async function startEventLoop(env: ModelServerEnv, port: number, loops: number): Promise<EventLoop> {
  const models = await modelsOf(env, log);
  // Loaded before it listens; where there is no model yet, requests are told so.
  await models.all().catch(() => undefined);
  // Others are answered while a large request is.
  const heavy = new HeavyRequests();
  const reporting = new Reporting(env, log, loops);
  const server = modelServer({
    choose: (version) => models.choose(version),
    all: () => models.all(),
    maximumRows: Number(env.MAX_BATCH_ROWS ?? '10000'),
    observe: (answered) => { reporting.observe(answered); },
    metricsText: async () => reporting.metricsText(await models.all().catch(() => [])),
    onFailure: (reason, requestId) => { log.error('A request failed', { requestId, reason: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) }); },
  }, (request, ports) => heavy.answer(request, ports));
  server.listen({ port, ...(env.HOST === undefined ? {} : { host: env.HOST }), reusePort: loops > 1, backlog: 1024 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await heavy.close();
      reporting.stop();
    },
  };
}
