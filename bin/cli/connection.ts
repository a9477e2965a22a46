import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './errors.ts';

/** Static keys, as `up --json` prints them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the AWS API is: the laptop's port and keys, or AWS itself with the SDK's own configuration. */
export interface Connection {
  readonly awsEndpoint?: string;
  readonly credentials?: Credentials;
  readonly region?: string;
}

/** What a running laptop tells the other commands, in `<state>/laptop.json`. */
export interface LaptopFile extends Connection {
  readonly awsEndpoint: string;
  readonly credentials: Credentials;
  readonly region: string;
  readonly apis: Readonly<Record<string, string>>;
  readonly pid: number;
}

const fileOf = (stateDirectory: string): string => path.join(stateDirectory, 'laptop.json');

/** Leaves word of a running laptop for the other commands. Only the owner may read it: it holds keys. */
export async function writeLaptopFile(stateDirectory: string, laptop: LaptopFile): Promise<void> {
  await mkdir(stateDirectory, { recursive: true });
  await writeFile(fileOf(stateDirectory), `${JSON.stringify(laptop, null, 2)}\n`, { mode: 0o600 });
}

/** Takes the word back when the laptop stops. */
export async function removeLaptopFile(stateDirectory: string): Promise<void> {
  await rm(fileOf(stateDirectory), { force: true });
}

/** The options that every client command has. */
export interface ConnectionOptions {
  readonly state: string;
  readonly aws?: boolean;
  readonly region?: string;
}

/** The running laptop of this state directory, or AWS where `--aws` is given. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  if (options.aws === true) return options.region === undefined ? {} : { region: options.region };
  const laptop = await runningLaptop(options.state);
  if (laptop === undefined) {
    throw new CommandError(
      `No laptop is up in ${options.state}. Start one with \`slipway up\` in another terminal, or add --aws to talk to AWS with your own credentials.`,
    );
  }
  return laptop;
}

/** The laptop that is up in a state directory; undefined where none is. */
export async function runningLaptop(stateDirectory: string): Promise<LaptopFile | undefined> {
  const laptop = await readLaptopFile(stateDirectory);
  return laptop !== undefined && isAlive(laptop.pid) ? laptop : undefined;
}

async function readLaptopFile(stateDirectory: string): Promise<LaptopFile | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(stateDirectory), 'utf8')) as LaptopFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The configuration that every SDK client of this command takes. */
export function clientConfig(connection: Connection): { region?: string; endpoint?: string; credentials?: Credentials } {
  return {
    ...(connection.region === undefined ? {} : { region: connection.region }),
    ...(connection.awsEndpoint === undefined ? {} : { endpoint: connection.awsEndpoint }),
    ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
  };
}
