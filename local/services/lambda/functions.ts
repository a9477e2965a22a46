import { rmSync } from 'node:fs';
import path from 'node:path';
import { FunctionPool } from '../../compute/lambda/function-pool.ts';
import type { FunctionHost, FunctionSpec } from '../../compute/lambda/function-spec.ts';
import { LogFile } from '../../compute/log-file.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { MetricFeed } from '../cloudwatch/feed.ts';
import { Aliases, latest } from './aliases.ts';
import { TaskRoots } from './code.ts';
import { functionDefaults, unservedReason } from './configuration.ts';
import type { FunctionProperties } from './configuration.ts';
import { Reservations } from './reservations.ts';
import { Versions } from './versions.ts';
import type { VersionRecord } from './versions.ts';

/** A function as it was declared, with its processes. */
export interface DeployedFunction {
  readonly name: string;
  /** Without a version. */
  readonly arn: string;
  /** `$LATEST`, or the number under which it was published. */
  readonly version: string;
  /** As the template says. */
  readonly declaration: FunctionProperties;
  /** The declaration with what was changed by the API since. */
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
  readonly versions: Versions;
  readonly aliases: Aliases;
  readonly #context: LaptopContext;
  /** By name, and by name and version: `fn/3`. */
  readonly #deployments = new Map<string, Deployment>();
  /** Replaced or removed, with invocations that still run. */
  readonly #retired = new Set<Deployment>();
  readonly #reservations: Reservations;
  readonly #roots: TaskRoots;
  readonly #temporary: string;
  readonly #feed: MetricFeed;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#feed = new MetricFeed(context);
    this.versions = new Versions(context);
    this.aliases = new Aliases(context, this.versions, (name) => this.arn(name));
    this.aliases.onChange((name) => this.#forgetGone(name));
    this.#reservations = new Reservations(context.store);
    this.#roots = new TaskRoots(context.store);
    this.#temporary = path.join(context.stateDirectory, 'lambda', 'tmp');
    rmSync(this.#temporary, { recursive: true, force: true }); // what a killed laptop left
  }

  /** Brings a function to what its declaration says; its processes stay as they are when nothing changed. */
  deploy(name: string, properties: FunctionProperties, code: string, constructPath?: string): DeployedFunction {
    return this.#bringUp(name, { name, version: latest, declaration: properties, properties: this.#reservations.apply(name, properties), code, lastModified: this.#context.clock.now(), ...(constructPath === undefined ? {} : { constructPath }) });
  }

  /** Reserves so much concurrency for a function, or none, whatever its declaration said. */
  reserve(name: string, reserved: number | undefined): void {
    const { declaration, code, constructPath } = this.get(name);
    this.#reservations.set(name, declaration, reserved);
    this.deploy(name, declaration, code, constructPath);
  }

  #bringUp(key: string, source: Omit<DeployedFunction, 'arn' | 'pool' | 'unserved'>): DeployedFunction {
    const { name, properties, code } = source;
    const identity = JSON.stringify([properties, code]);
    const previous = this.#deployments.get(key);
    if (previous?.identity === identity) return previous.deployed;
    if (previous !== undefined) this.#retire(previous);

    const unserved = unservedReason(properties);
    const log = new LogFile(path.join(this.#context.stateDirectory, 'logs', `${name}.log`));
    const root = unserved === undefined ? this.#roots.add(code) : undefined;
    const deployed: DeployedFunction = {
      ...source,
      arn: this.arn(name),
      ...(root === undefined ? { unserved: unserved ?? '' } : { pool: new FunctionPool(specOf({ ...source, arn: this.arn(name) }, root), this.#host(name, properties, log)) }),
    };
    this.#deployments.set(key, { deployed, identity, log, ...(root === undefined ? {} : { root }) });
    return deployed;
  }

  /**
   * A function as it stands, or a version of it.
   * @throws {AwsError} ResourceNotFoundException
   */
  get(name: string, version = latest): DeployedFunction {
    const found = this.#deployments.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name)}`, 404, { Type: 'User' });
    return version === latest ? found.deployed : this.#version(name, version);
  }

  /** A version comes up when it is first asked for. */
  #version(name: string, version: string): DeployedFunction {
    const key = `${name}/${version}`;
    const up = this.#deployments.get(key);
    if (up !== undefined) return up.deployed;
    const record = this.versions.find(name, version);
    if (record === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name)}:${version}`, 404, { Type: 'User' });
    const { publishedAt, endpoint, constructPath } = record;
    // On AWS a service's address lasts; here its port may be another one than when the version was published.
    const properties = JSON.parse(JSON.stringify(record.properties).replaceAll(endpoint, this.#context.endpoint())) as FunctionProperties;
    return this.#bringUp(key, { name, version, declaration: properties, properties, code: record.code, lastModified: new Date(publishedAt), ...(constructPath === undefined ? {} : { constructPath }) });
  }

  /** Whether a version has come up already. */
  isUp(name: string, version: string): boolean {
    return this.#deployments.has(`${name}/${version}`);
  }

  /** Publishes a function as it is now. @throws {AwsError} ResourceNotFoundException */
  publish(name: string, description: string, number?: number): VersionRecord {
    return this.versions.publish(this.get(name), description, number);
  }

  /** All functions in the order of their names. */
  list(): DeployedFunction[] {
    return [...this.#deployments.values()].map(({ deployed }) => deployed).filter(({ version }) => version === latest).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The ARN that a function of this name has. */
  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  }

  /** Ends the function with all its versions; running invocations finish. */
  remove(name: string): void {
    for (const [key, deployment] of this.#deployments) {
      if (deployment.deployed.name !== name) continue;
      this.#retire(deployment);
      this.#deployments.delete(key);
    }
    this.versions.removeAll(name);
  }

  /** Says that a version is to go as soon as no alias leads to it. */
  doom(name: string, version: string): void {
    this.versions.doom(name, version, !this.aliases.leadsTo(name, version));
    this.#forgetGone(name);
  }

  /** Ends the processes of versions that are gone. */
  #forgetGone(name: string): void {
    for (const [key, deployment] of this.#deployments) {
      const { name: of, version } = deployment.deployed;
      if (of !== name || version === latest || this.versions.find(name, version) !== undefined) continue;
      this.#retire(deployment);
      this.#deployments.delete(key);
    }
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

function specOf({ name, arn, version, properties }: Pick<DeployedFunction, 'name' | 'arn' | 'version' | 'properties'>, codeDirectory: string): FunctionSpec {
  const { ReservedConcurrentExecutions: reserved, LoggingConfig: logging } = properties;
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  return {
    name,
    arn,
    version,
    runtime: properties.Runtime ?? '',
    handler: properties.Handler ?? '',
    architecture: properties.Architectures?.[0] ?? functionDefaults.architecture,
    memoryMegabytes: Number(properties.MemorySize ?? functionDefaults.memoryMegabytes),
    timeoutSeconds: Number(properties.Timeout ?? functionDefaults.timeoutSeconds),
    environment: Object.fromEntries(variables.map(([key, value]) => [key, String(value)])),
    codeDirectory,
    logGroup: logging?.LogGroup ?? `/aws/lambda/${name}`,
    jsonLogs: logging?.LogFormat === 'JSON',
    // What a function reserves is shared by its versions: those count at the gate, not by their processes.
    ...(reserved === undefined || version !== latest ? {} : { reservedConcurrency: Number(reserved) }),
  };
}
