import { onTestFinished } from 'vitest';
import type { Caller, Service } from '../../../local/core/call.ts';
import { createDispatcher } from '../../../local/core/dispatch.ts';
import { wireHandler } from '../../../local/wire/handler.ts';
import { listen } from '../../../local/wire/server.ts';

const caller: Caller = { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator', accountId: '000000000000' };

/** The wire layer over services made up for a test; answers what every SDK client is configured with. */
export async function wireServer(services: readonly Service[]) {
  const faults: unknown[] = [];
  const dispatcher = createDispatcher({ region: 'us-east-1', authorizer: { authorize: () => undefined }, emit: () => undefined });
  dispatcher.register(services);
  const server = await listen(wireHandler({ authenticate: () => caller, call: dispatcher.dispatch, reportFault: (error) => faults.push(error) }), 0);
  onTestFinished(() => server.close());
  return { faults, client: { endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' }, maxAttempts: 1 } };
}
