import type { Addresses } from './addresses.ts';
import type { Caller, Dispatch } from './call.ts';
import type { LaptopEvent } from './events.ts';
import type { Store } from './store.ts';

/** A program that stands in for a container image: the laptop itself knows no image by name. */
export interface ImageProgram {
  /** Which image URIs it stands in for: a regular expression over the whole URI. */
  readonly image: RegExp;
  /** The executable and its arguments: `[process.execPath, 'model/trainer/main.ts']`. */
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it is started. @default - where the laptop was */
  readonly directory?: string;
}

/** Keys that a client signs its calls with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Who may call, and with which keys. */
export interface Identity {
  /** The person at the laptop: may do everything. */
  readonly operator: Caller;
  readonly operatorCredentials: Credentials;
  /** The caller that a session of the role is, for calls made in process. */
  role(roleArn: string, sessionName?: string): Caller;
  /** An AWS service acting by itself: `s3.amazonaws.com`. */
  service(principal: string): Caller;
  /**
   * Mints session keys of a role, for a child process.
   * @param options.lasting for a program that runs on and on: on AWS, its keys would be renewed beside it
   */
  credentialsFor(roleArn: string, sessionName?: string, options?: { readonly lasting?: boolean }): Required<Credentials>;
  /** Who holds an access key, or undefined when no one does (or its session is over). */
  callerOf(accessKeyId: string): Caller | undefined;
}

/** How a clock's time follows from the machine's. */
export interface Pace {
  /** How many times as fast as the machine's. */
  readonly speed: number;
  /** What the machine's clock told, in milliseconds, when this one told `start`. */
  readonly machineStart: number;
  readonly start: number;
}

/** The time, replaceable by one that runs fast. */
export interface Clock {
  /** @default - it is the machine's time, or no function of it */
  readonly pace?: Pace;
  now(): Date;
  /** Resolves after the time has passed on this clock, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** What every service of the laptop is built from. */
export interface LaptopContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** The folder under which everything lasting lies; each service has its own subfolder. */
  readonly stateDirectory: string;
  readonly store: Store;
  /** Calls another service, through the authorizer, as the caller given. */
  readonly dispatch: Dispatch;
  readonly identity: Identity;
  readonly clock: Clock;
  /** The URL of the main port (`AWS_ENDPOINT_URL`); throws before the laptop listens. */
  endpoint(): string;
  /** Makes the URL of an API known under its id, for the laptop's summary and for addresses that templates put together. */
  publishApi(id: string, url: string): void;
  /** Names that only AWS's name servers know: in texts of templates, what they name here takes their place. */
  readonly addresses: Addresses;
  emit(event: LaptopEvent): void;
  readonly programs: readonly ImageProgram[];
  /** The host's own `node_modules`, where native binaries for this machine are found. */
  readonly hostModules?: string;
}
