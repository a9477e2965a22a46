import { rmSync } from 'node:fs';
import path from 'node:path';
import { FunctionPool } from '../../compute/lambda/function-pool.ts';
import type { FunctionHost, FunctionSpec } from '../../compute/lambda/function-spec.ts';
import { LogFile } from '../../compute/log-file.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { MetricFeed } from '../cloudwatch/feed.ts';
import { TaskRoots } from './code.ts';
import { functionDefaults, unservedReason } from './configuration.ts';
import type { FunctionProperties } from './configuration.ts';

/** A function as it was declared, with its processes. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly properties: FunctionProperties;
  /** Where the template's code lies. */
  readonly code: string;
  readonly constructPath?: string;
  readonly lastModified: Date;
  /** The processes; absent where the laptop cannot run the function. */
  readonly pool?: FunctionPool;
  readonly unserved?: string;
}

interface Deployment {
  readonly deployed: DeployedFunction;
  readonly identity: string;
  readonly root?: string;
  readonly log: LogFile;
}

/** The functions of the laptop, by name. */
export class Functions {
  readonly #context: LaptopContext;
  readonly #deployments = new Map<string, Deployment>();
  /** Replaced or removed, with invocations that still run. */
  readonly #retired = new Set<Deployment>();
  readonly #roots: TaskRoots;
  readonly #temporary: string;
  readonly #feed: MetricFeed;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#feed = new MetricFeed(context);
    this.#roots = new TaskRoots(context.store);
    this.#temporary = path.join(context.stateDirectory, 'lambda', 'tmp');
    rmSync(this.#temporary, { recursive: true, force: true }); // what a killed laptop left
  }

  /** Brings a function to what its declaration says; its processes stay as they are when nothing changed. */
  deploy(name: string, properties: FunctionProperties, code: string, constructPath?: string): DeployedFunction {
    const identity = JSON.stringify([properties, code]);
    const previous = this.#deployments.get(name);
    if (previous?.identity === identity) return previous.deployed;
    if (previous !== undefined) this.#retire(previous);

    const unserved = unservedReason(properties);
    const arn = this.arn(name);
    const log = new LogFile(path.join(this.#context.stateDirectory, 'logs', `${name}.log`));
    const root = unserved === undefined ? this.#roots.add(code) : undefined;
    const deployed: DeployedFunction = {
      name,
      arn,
      properties,
      code,
      lastModified: this.#context.clock.now(),
      ...(constructPath === undefined ? {} : { constructPath }),
      ...(root === undefined ? { unserved: unserved ?? '' } : { pool: new FunctionPool(specOf(name, arn, properties, root), this.#host(name, properties, log)) }),
    };
    this.#deployments.set(name, { deployed, identity, log, ...(root === undefined ? {} : { root }) });
    return deployed;
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(name: string): DeployedFunction {
    const found = this.#deployments.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name)}`, 404, { Type: 'User' });
    return found.deployed;
  }

  /** All functions in the order of their names. */
  list(): DeployedFunction[] {
    return [...this.#deployments.values()].map(({ deployed }) => deployed).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The ARN that a function of this name has. */
  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  }

  /** Ends the function; running invocations finish. */
  remove(name: string): void {
    const deployment = this.#deployments.get(name);
    if (deployment !== undefined) this.#retire(deployment);
    this.#deployments.delete(name);
  }

  /** Ends all processes of all functions. */
  async close(): Promise<void> {
    const all = [...this.#deployments.values(), ...this.#retired];
    this.#deployments.clear();
    this.#retired.clear();
    await Promise.all(all.map(({ deployed }) => deployed.pool?.close()));
    for (const deployment of all) this.#release(deployment);
  }

  #retire(deployment: Deployment): void {
    this.#retired.add(deployment);
    void deployment.deployed.pool?.retire().then(() => {
      if (this.#retired.delete(deployment)) this.#release(deployment);
    });
  }

  #release({ root, log }: Deployment): void {
    if (root !== undefined) this.#roots.remove(root);
    log.close();
  }

  #host(name: string, properties: FunctionProperties, file: LogFile): FunctionHost {
    const context = this.#context;
    const feed = this.#feed;
    return {
      region: context.region,
      clock: context.clock,
      temporaryDirectory: this.#temporary,
      ...(context.hostModules === undefined ? {} : { hostModules: context.hostModules }),
      endpoint: () => context.endpoint(),
      credentials: () => context.identity.credentialsFor(properties.Role, name),
      log(line, requestId) {
        file.write(line);
        feed.line(line);
        context.emit({ type: 'service', service: 'lambda', name: 'FunctionLog', detail: { functionName: name, requestId, line } });
      },
      substituted(wanted, used) {
        context.emit({ type: 'notice', subject: name, message: `this machine's ${path.basename(used)} stands in for the bundle's ${wanted}` });
      },
    };
  }
}

function specOf(name: string, arn: string, properties: FunctionProperties, codeDirectory: string): FunctionSpec {
  const { ReservedConcurrentExecutions: reserved, LoggingConfig: logging } = properties;
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  return {
    name,
    arn,
    version: '$LATEST',
    runtime: properties.Runtime ?? '',
    handler: properties.Handler ?? '',
    architecture: properties.Architectures?.[0] ?? functionDefaults.architecture,
    memoryMegabytes: Number(properties.MemorySize ?? functionDefaults.memoryMegabytes),
    timeoutSeconds: Number(properties.Timeout ?? functionDefaults.timeoutSeconds),
    environment: Object.fromEntries(variables.map(([key, value]) => [key, String(value)])),
    codeDirectory,
    logGroup: logging?.LogGroup ?? `/aws/lambda/${name}`,
    jsonLogs: logging?.LogFormat === 'JSON',
    ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
  };
}
