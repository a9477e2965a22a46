import path from 'node:path';
import type { ChildExit } from '../../compute/child.ts';
import { timeVariables } from '../../compute/clock/time-preload.ts';
import { findImageProgram } from '../../compute/image-program.ts';
import { LogFile } from '../../compute/log-file.ts';
import { ServerProcess } from '../../compute/server/server-process.ts';
import type { ImageProgram, LaptopContext } from '../../core/context.ts';
import { watchHealth } from './health-check.ts';
import type { ContainerHealth } from './health-check.ts';
import { readSecrets, TaskStartError } from './secrets.ts';
import type { ContainerDefinition, TaskDefinitionRecord } from './types.ts';

/** ECS asks a container to end and kills it after so long. */
const stopSeconds = 30;
/** How long a server may take until it takes connections, before health checks have their say. */
const startupMilliseconds = 600_000;

/** What a container is started from. */
export interface ContainerOptions {
  readonly context: LaptopContext;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly definition: ContainerDefinition;
  readonly program: ImageProgram;
  readonly taskId: string;
  /** An empty folder that is the task's own. */
  readonly folder: string;
  /** The name of the log, and of the service or family that it belongs to. */
  readonly logName: string;
  line(text: string): void;
  changed(): void;
}

/** A container of a task: the process that stands in for its image. */
export class Container {
  readonly definition: ContainerDefinition;
  /** Resolves when it has ended and all its output was read. */
  readonly exited: Promise<ChildExit>;
  exit: ChildExit | undefined;
  #health: ContainerHealth = 'UNKNOWN';
  #up = false;
  readonly #server: ServerProcess;
  readonly #over = new AbortController();

  /** Starts a container's program. @throws {TaskStartError} when it has none, or its secrets cannot be read */
  static async start(options: ContainerOptions): Promise<Container> {
    const { context, definition, program, taskDefinition } = options;
    const secrets = await readSecrets(context, definition, taskDefinition.input.executionRoleArn);
    const environment = environmentOf(options, secrets);
    const log = new LogFile(path.join(context.stateDirectory, 'logs', `${options.logName}.${definition.name}.log`));
    const server = await ServerProcess.start({
      command: [...program.command, ...(definition.command ?? [])],
      directory: program.directory ?? process.cwd(),
      environment,
      probe: {},
      startupMilliseconds: hasPort(definition) ? startupMilliseconds : 0,
      line: (line) => {
        log.write(line);
        options.line(line);
      },
    });
    return new Container(options, server, environment, log);
  }

  private constructor({ context, definition, program, changed, logName }: ContainerOptions, server: ServerProcess, environment: Readonly<Record<string, string>>, log: LogFile) {
    this.definition = definition;
    this.#server = server;
    this.exited = server.exited.then((exit) => {
      this.exit = exit;
      this.#over.abort();
      log.close();
      changed();
      return exit;
    });
    const { healthCheck } = definition;
    const check = (): void => {
      this.#up = true;
      changed();
      if (healthCheck === undefined || this.#over.signal.aborted) return;
      const ports = new Map((definition.portMappings ?? []).map(({ containerPort }) => [Number(containerPort), server.port]));
      void watchHealth({
        check: healthCheck,
        directory: program.directory ?? process.cwd(),
        environment: { ...environment, PORT: String(server.port) },
        ports,
        signal: this.#over.signal,
        changed: (health) => {
          this.#health = health;
          changed();
        },
        unusable: (reason) => {
          context.emit({ type: 'notice', subject: logName, message: `the container's health command is left out, a server that takes connections counts as healthy: ${reason}` });
          this.#health = 'HEALTHY';
          changed();
        },
      });
    };
    // A program without a port is up when it runs.
    if (hasPort(definition)) server.ready.then(check, () => undefined);
    else check();
  }

  /** Where it listens on this machine. */
  get port(): number {
    return this.#server.port;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get health(): ContainerHealth {
    return this.#health;
  }

  /** Whether it does what is asked of it. */
  get healthy(): boolean {
    return this.exit === undefined && this.#up && (this.definition.healthCheck === undefined || this.#health === 'HEALTHY' || this.definition.healthCheck.command[0] === 'NONE');
  }

  get essential(): boolean {
    return isEssential(this.definition);
  }

  /** Asks it to end, and ends it once its time is over. */
  async stop(): Promise<void> {
    if (this.exit !== undefined) return;
    this.#over.abort();
    await this.#server.stop(Number(this.definition.stopTimeout ?? stopSeconds) * 1000);
    await this.exited;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#over.abort();
    this.#server.kill();
    await this.exited;
  }
}

/** The program of a container's image. @throws {TaskStartError} when there is none */
export function programOf(context: LaptopContext, { image, name }: ContainerDefinition): ImageProgram {
  const program = findImageProgram(image, context.programs);
  if (program === undefined) throw new TaskStartError(`CannotPullContainerError: no program stands in for the image "${image}" of the container ${name} on this laptop. Declare one: an entry {image: /pattern/, command: [executable, ...arguments]} in the laptop's programs.`);
  return program;
}

/** Whether its end is the task's. */
export function isEssential({ essential = true }: ContainerDefinition): boolean {
  return String(essential) !== 'false';
}

function hasPort({ portMappings = [] }: ContainerDefinition): boolean {
  return portMappings.length > 0;
}

function environmentOf({ context, taskDefinition, definition, program, taskId, folder }: ContainerOptions, secrets: Readonly<Record<string, string>>): Record<string, string> {
  const declared = { ...program.environment, ...Object.fromEntries((definition.environment ?? []).map(({ name, value }) => [name, String(value)])), ...secrets };
  const { taskRoleArn, requiresCompatibilities = [] } = taskDefinition.input;
  const keys = taskRoleArn === undefined ? undefined : context.identity.credentialsFor(taskRoleArn, taskId, { lasting: true });
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    ...declared,
    ...timeVariables(context.clock, declared),
    // A home of its own keeps the SDK from reading the person's ~/.aws.
    HOME: folder,
    TMPDIR: folder,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ENDPOINT_URL: context.endpoint(),
    AWS_EXECUTION_ENV: requiresCompatibilities.includes('FARGATE') ? 'AWS_ECS_FARGATE' : 'AWS_ECS_EC2',
    ...(keys && { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_SESSION_TOKEN: keys.sessionToken }),
  };
}
