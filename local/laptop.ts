import path from 'node:path';
import { reachApis } from './assembly/addresses.ts';
import { deployAssembly, stackEnvironment, type DeploySummary } from './assembly/deploy.ts';
import { loadAssembly, type Assembly } from './assembly/manifest.ts';
import { publishAssets } from './assembly/publish.ts';
import type { Environment } from './assembly/scope.ts';
import type { Clock, Credentials, ImageProgram, LaptopContext } from './core/context.ts';
import { Addresses } from './core/addresses.ts';
import { openClock } from './core/laptop-clock.ts';
import { createDispatcher } from './core/dispatch.ts';
import { AwsError } from './core/errors.ts';
import type { LaptopEvent } from './core/events.ts';
import { allowEverything } from './iam/authorizer.ts';
import { createIdentity } from './iam/identity.ts';
import { createServices } from './services/index.ts';
import { openStore } from './store/sqlite.ts';
import { wireHandler, type WireBackend } from './wire/handler.ts';
import { listen } from './wire/server.ts';

/** What a laptop is started with. */
export interface LaptopOptions {
  /** The output folder of `cdk synth`. */
  readonly assembly: string;
  /** Where everything lasting lies; kept from one start to the next. */
  readonly stateDirectory: string;
  /** The main port. @default - any free one */
  readonly port?: number;
  /** Programs that stand in for container images. @default - none */
  readonly programs?: readonly ImageProgram[];
  /** The `node_modules` with native binaries for this machine. @default - bundles must bring their own */
  readonly hostModules?: string;
  /** Where stacks live that fix no account or region. @default - account 000000000000, us-east-1 */
  readonly environment?: Partial<Environment>;
  /** Values of template parameters. @default - their defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A clock of the caller's own. @default - the machine's time, at `clockSpeed` */
  readonly clock?: Clock;
  /**
   * How many times as fast as the machine's the laptop's time runs: waits, schedules, alarms' periods and visibility timeouts pass so
   * much faster. Programs work at the machine's pace, and what bounds them (a function's timeout, a task's) is the machine's time.
   * @default 1
   */
  readonly clockSpeed?: number;
  /** Hears of every call, resource and notice. @default - no one does */
  readonly onEvent?: (event: LaptopEvent) => void;
}

/** A running laptop. */
export interface Laptop {
  /** What clients take as `AWS_ENDPOINT_URL`. */
  readonly awsEndpoint: string;
  /** The operator's keys. */
  readonly credentials: Credentials;
  readonly region: string;
  readonly accountId: string;
  /** The URLs of the APIs, by their ids; those of REST APIs without a stage. */
  readonly apis: Readonly<Record<string, string>>;
  readonly summary: DeploySummary;
  /** Stops everything that was started. The state stays. */
  close(): Promise<void>;
}

const defaultEnvironment: Environment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' };

/** Brings an assembly up on this machine. */
export async function startLaptop(options: LaptopOptions): Promise<Laptop> {
  const assembly = loadAssembly(options.assembly);
  const undo: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, assembly, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: LaptopOptions, assembly: Assembly, undo: (() => Promise<void> | void)[], close: () => Promise<void>): Promise<Laptop> {
  const { onEvent: emit = () => undefined, programs = [], hostModules } = options;
  const stateDirectory = path.resolve(options.stateDirectory);
  const environment = laptopEnvironment(assembly, { ...defaultEnvironment, ...options.environment });

  const store = openStore(stateDirectory);
  undo.push(() => store.close());
  const { clock, close: closeClock } = options.clock === undefined ? openClock(store, options.clockSpeed ?? 1) : { clock: options.clock, close: () => undefined };
  undo.push(closeClock);
  if (clock.pace !== undefined) emit({ type: 'notice', message: `it is ${clock.now().toISOString()} on the laptop, and its time runs ${clock.pace.speed} times as fast as this machine's` });
  const now = () => clock.now();
  const identity = createIdentity({ store, ...environment, clock });
  const dispatcher = createDispatcher({ region: environment.region, authorizer: allowEverything, emit });
  undo.push(() => dispatcher.close());

  let endpoint: string | undefined = undefined;
  const apis: Record<string, string> = {};
  const addresses = new Addresses();
  const reachApi = reachApis(apis);
  const context: LaptopContext = {
    ...environment,
    stateDirectory,
    store,
    identity,
    clock,
    emit,
    programs,
    addresses,
    dispatch: dispatcher.dispatch,
    endpoint() {
      if (endpoint === undefined) throw new Error('The laptop does not listen yet.');
      return endpoint;
    },
    publishApi: (id, url) => void (apis[id] = url),
    ...(hostModules !== undefined && { hostModules }),
  };
  const { services, providers } = createServices(context);
  dispatcher.register(services);

  const server = await listen(wireHandler(backend(context)), options.port ?? 0);
  undo.push(() => server.close());
  endpoint = `http://127.0.0.1:${server.port}`;
  await publishAssets(assembly.assets, environment, dispatcher.dispatch, identity.operator);
  const summary = await deployAssembly({ assembly, store, providers, environment, now, emit, reach: (text) => addresses.reach(reachApi(text)), ...(options.parameters && { parameters: options.parameters }) });
  await dispatcher.ready();
  return { awsEndpoint: endpoint, credentials: identity.operatorCredentials, region: environment.region, accountId: environment.accountId, apis, summary, close };
}

/** One laptop is one account in one region: that of the first stack which fixes them. */
function laptopEnvironment({ stacks }: Assembly, fallback: Environment): Environment {
  const fixed = stacks.find(({ account, region }) => account !== undefined || region !== undefined);
  return fixed ? stackEnvironment(fixed, fallback) : fallback;
}

function backend({ identity, dispatch, emit, clock }: LaptopContext): WireBackend {
  return {
    authenticate({ accessKeyId, service }) {
      // Verifying the signature belongs here: the secret is in the store, the request at hand.
      const caller = identity.callerOf(accessKeyId);
      if (caller) return caller;
      const hint = 'Use the credentials that the laptop printed when it came up.';
      if (service === 's3') throw new AwsError('InvalidAccessKeyId', `The AWS Access Key Id you provided does not exist in our records. ${hint}`, 403, { AWSAccessKeyId: accessKeyId });
      throw new AwsError(service === 'sts' || service === 'cloudformation' || service === 'sns' ? 'InvalidClientTokenId' : 'UnrecognizedClientException', `The security token included in the request is invalid. ${hint}`, 403);
    },
    call: dispatch,
    now: () => clock.now(),
    reportFault: (error, call) => emit({ type: 'notice', message: `The laptop failed in ${call}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }),
  };
}
