import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { timeVariables } from '../../../compute/clock/time-preload.ts';
import { findImageProgram } from '../../../compute/image-program.ts';
import { LogFile } from '../../../compute/log-file.ts';
import { KeptServer } from '../../../compute/server/kept-server.ts';
import type { ServerOptions } from '../../../compute/server/server-process.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { JobFailure } from '../training/s3-transfer.ts';
import { containerOf } from './check.ts';
import { placeModel } from './model-files.ts';
import type { ModelInput, VariantInput, VariantState } from './record.ts';

/** SageMaker asks containers to end and kills them after so long. */
const graceMilliseconds = 30_000;
/** How long a container may take to answer its first ping, unless its variant says otherwise. */
const defaultStartupSeconds = 480;

/** What a variant's servers are made of. */
export interface VariantOptions {
  readonly context: LaptopContext;
  readonly endpointName: string;
  readonly variant: VariantInput;
  readonly model: ModelInput;
  /** Where its `/opt/ml` lies, a new one. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A production variant at work: the processes of its model's image, one for each instance as far as this machine has processors. */
export class Variant {
  readonly name: string;
  readonly #options: VariantOptions;
  readonly #log: LogFile;
  #servers: KeptServer[] = [];
  #state: VariantState;
  #next = 0;
  #inFlight = 0;

  /**
   * Fetches the model and starts the servers.
   * @throws {JobFailure | ServerStartError} when it cannot be served
   */
  static async start(options: VariantOptions, state: VariantState): Promise<Variant> {
    const variant = new Variant(options, state);
    try {
      await placeModel(options.context, options.model, path.join(options.folder, 'model'));
      await variant.scale(state);
      return variant;
    } catch (error) {
      await variant.kill();
      throw error;
    }
  }

  private constructor(options: VariantOptions, state: VariantState) {
    const { context, endpointName, variant } = options;
    this.name = variant.VariantName;
    this.#options = options;
    this.#state = state;
    this.#log = new LogFile(path.join(context.stateDirectory, 'logs', `${endpointName}.${this.name}.log`));
  }

  /** Its weight and its size now. */
  get state(): VariantState {
    return this.#state;
  }

  /** Its image, for those who ask which one is deployed. */
  get image(): string {
    return containerOf(this.#options.model).Image ?? '';
  }

  /** The role that its container has. */
  get roleArn(): string {
    return this.#options.model.ExecutionRoleArn ?? '';
  }

  /** Requests that wait for its answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Does something with one of its servers, in turn; with undefined where none is up. */
  async withPort<T>(use: (port: number | undefined) => Promise<T>): Promise<T> {
    const ports = this.#servers.flatMap(({ port }) => port ?? []);
    this.#next += 1;
    this.#inFlight += 1;
    try {
      return await use(ports[this.#next % Math.max(1, ports.length)]);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Sets its weight and brings it to its size. */
  async scale(state: VariantState): Promise<void> {
    const wanted = this.#processes(state);
    while (this.#servers.length < wanted) this.#servers.push(await KeptServer.start(this.#server(), this.#options.signal));
    const over = this.#servers.splice(wanted);
    this.#state = state;
    await Promise.all(over.map((server) => server.stop(graceMilliseconds)));
  }

  /** Stops its servers once they have answered what they were asked, and removes its files. */
  async stop(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.stop(graceMilliseconds)));
    this.#clear();
  }

  /** Ends its servers at once. */
  async kill(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.kill()));
    this.#clear();
  }

  #clear(): void {
    this.#log.close();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  #processes({ instances = 1 }: VariantState): number {
    const most = availableParallelism();
    if (instances > most) {
      this.#options.context.emit({
        type: 'notice',
        subject: this.#options.endpointName,
        message: `The variant ${this.name} asks for ${instances} instances. The laptop is one machine: ${most} processes serve it.`,
      });
    }
    return Math.min(instances, most);
  }

  #server(): ServerOptions {
    const { context, endpointName, variant, model, folder } = this.#options;
    const container = containerOf(model);
    const program = findImageProgram(container.Image ?? '', context.programs);
    if (program === undefined) throw new JobFailure(`ClientError: no program stands in for the image "${container.Image ?? ''}" on this laptop. Declare one: an entry {image: /pattern/, command: [executable, ...arguments]} in the laptop's programs.`);
    const seconds = variant.ContainerStartupHealthCheckTimeoutInSeconds ?? defaultStartupSeconds;
    return {
      command: program.command,
      directory: program.directory ?? process.cwd(),
      environment: {
        PATH: process.env['PATH'] ?? '/usr/bin:/bin',
        ...program.environment,
        ...container.Environment,
        ...timeVariables(context.clock, container.Environment),
        // A laptop has many containers and one file system: what stands for /opt/ml and its model is told.
        SAGEMAKER_BASE_DIR: folder,
        SM_MODEL_DIR: path.join(folder, 'model'),
        ...(model.EnableNetworkIsolation === true ? {} : this.#credentials(model.ExecutionRoleArn ?? '')),
      },
      portVariables: ['PORT', 'SAGEMAKER_BIND_TO_PORT'],
      probe: { path: '/ping' },
      startupMilliseconds: seconds * 1000,
      line: (line) => {
        this.#log.write(line);
        context.emit({ type: 'service', service: 'sagemaker', name: 'EndpointLog', detail: { endpointName, variantName: this.name, line } });
      },
    };
  }

  /** A container without the network reaches neither AWS nor its role's keys. */
  #credentials(roleArn: string): Record<string, string> {
    const { context, endpointName } = this.#options;
    const keys = context.identity.credentialsFor(roleArn, `SageMaker-${endpointName}`.slice(0, 64), { lasting: true });
    return {
      AWS_REGION: context.region,
      AWS_DEFAULT_REGION: context.region,
      AWS_ENDPOINT_URL: context.endpoint(),
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
    };
  }
}
