import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Addresses } from '../../../local/core/addresses.ts';
import type { Service } from '../../../local/core/call.ts';
import { systemClock } from '../../../local/core/clock.ts';
import type { Clock, Credentials, ImageProgram, LaptopContext } from '../../../local/core/context.ts';
import { createDispatcher } from '../../../local/core/dispatch.ts';
import type { LaptopEvent } from '../../../local/core/events.ts';
import type { Provisioned, ResourceDeclaration, ResourceProvider } from '../../../local/core/resource.ts';
import { allowEverything } from '../../../local/iam/authorizer.ts';
import { createIdentity } from '../../../local/iam/identity.ts';
import type { ServiceModule } from '../../../local/core/service-module.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { wireHandler } from '../../../local/wire/handler.ts';
import { listen } from '../../../local/wire/server.ts';
import { AwsError } from '../../../local/core/errors.ts';

/** What a test may choose. */
export interface BenchOptions {
  readonly modules: readonly ((context: LaptopContext) => ServiceModule)[];
  /** Services made up for the test. */
  readonly services?: readonly Service[];
  readonly programs?: readonly ImageProgram[];
  readonly clock?: Clock;
  /** Goes on with the state of an earlier bench, which was closed with `keep`. */
  readonly stateDirectory?: string;
}

/** Some services on a port, with what a test needs to bring resources up and look on. */
export interface Bench {
  readonly context: LaptopContext;
  readonly events: LaptopEvent[];
  readonly apis: Map<string, string>;
  /** For SDK clients: `new LambdaClient(bench.client)`. */
  readonly client: { endpoint: string; region: string; credentials: Credentials; maxAttempts: number };
  provision(type: string, logicalId: string, properties: Record<string, unknown>, updatePolicy?: Record<string, unknown>): Promise<Provisioned>;
  /** Updates that go on after `provision`. */
  readonly settling: readonly Promise<void>[];
  remove(type: string, logicalId: string): Promise<void>;
  /** Tells the services that every resource stands. */
  ready(): Promise<void>;
  close(options?: { keep: boolean }): Promise<void>;
}

/** A role that every test may use. */
export const role = 'arn:aws:iam::000000000000:role/tester';

/** Brings services up on real dispatch, identities, store and wire. */
export async function openBench(options: BenchOptions): Promise<Bench> {
  const stateDirectory = options.stateDirectory ?? mkdtempSync(path.join(tmpdir(), 'bench-'));
  const store = openStore(stateDirectory);
  const clock = options.clock ?? systemClock;
  const [accountId, region, partition] = ['000000000000', 'us-east-1', 'aws'];
  const identity = createIdentity({ store, accountId, partition, clock });
  const events: LaptopEvent[] = [];
  const apis = new Map<string, string>();
  const emit = (event: LaptopEvent): void => void events.push(event);
  const dispatcher = createDispatcher({ region, authorizer: allowEverything, emit });
  const server = await listen(
    wireHandler({
      authenticate: ({ accessKeyId }) => {
        const caller = identity.callerOf(accessKeyId);
        if (caller === undefined) throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
        return caller;
      },
      call: dispatcher.dispatch,
      reportFault: (error, call) => console.error(call, error),
    }),
    0,
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const context: LaptopContext = {
    accountId,
    region,
    partition,
    stateDirectory,
    store,
    dispatch: dispatcher.dispatch,
    identity,
    clock,
    endpoint: () => endpoint,
    publishApi: (id, url) => void apis.set(id, url),
    emit,
    programs: options.programs ?? [],
    addresses: new Addresses(),
  };
  const modules = options.modules.map((create) => create(context));
  const services = [...modules.flatMap((module) => module.services), ...(options.services ?? [])];
  dispatcher.register(services);
  const providers = new Map<string, ResourceProvider>(modules.flatMap((module) => module.providers).map((provider) => [provider.type, provider]));
  const provisioned = new Map<string, { declaration: ResourceDeclaration; result: Provisioned }>();

  const settling: Promise<void>[] = [];
  const settle = (work: Promise<void>): void => {
    work.catch(() => undefined); // whether it fails is the test's to ask
    settling.push(work);
  };

  return {
    context,
    events,
    apis,
    settling,
    client: { endpoint, region, credentials: identity.operatorCredentials, maxAttempts: 1 },
    async provision(type, logicalId, properties, updatePolicy) {
      const provider = providers.get(type);
      if (provider === undefined) throw new Error(`No provider of ${type} in this test.`);
      const declaration = { stackName: 'Test', logicalId, type, properties, metadata: {}, ...(updatePolicy && { updatePolicy }) };
      const provision = { accountId, region, partition, assetPath: (_: string, key: string) => key, settle, physicalName: (_: ResourceDeclaration, longest: number) => `Test-${logicalId}`.slice(0, longest) };
      const result = await provider.apply(declaration, provision, provisioned.get(logicalId)?.result);
      provisioned.set(logicalId, { declaration, result });
      return result;
    },
    async remove(type, logicalId) {
      const found = provisioned.get(logicalId);
      if (found !== undefined) await providers.get(type)?.remove?.(found.result, found.declaration);
      provisioned.delete(logicalId);
    },
    async ready() {
      for (const service of services) await service.ready?.();
    },
    async close({ keep } = { keep: false }) {
      await dispatcher.close();
      await server.close();
      store.close();
      if (!keep) rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
}

/** A clock on which sleeping takes no time, but the time passes. */
export function fastClock(): Clock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      offset += milliseconds;
    },
  };
}
