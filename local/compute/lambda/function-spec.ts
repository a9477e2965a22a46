import type { Clock, Credentials } from '../../core/context.ts';

/** The two machines that Lambda offers. */
export type Architecture = 'x86_64' | 'arm64';

/** Whether a process starts for a call, or before there is one. */
export type InitialisationType = 'on-demand' | 'provisioned-concurrency';

/** A function as the laptop runs it: its configuration, and where its code lies unpacked. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  /** Such as `nodejs24.x`. */
  readonly runtime: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly architecture: Architecture;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly codeDirectory: string;
  readonly logGroup: string;
  readonly jsonLogs: boolean;
  readonly reservedConcurrency?: number;
}

/** What a function's processes need of the laptop. */
export interface FunctionHost {
  readonly region: string;
  /** Where each process finds its own empty temporary folder. */
  readonly temporaryDirectory: string;
  /** The host's `node_modules`, for native packages of this machine. */
  readonly hostModules?: string;
  /** The laptop's time: functions see it too. */
  readonly clock: Clock;
  /** The URL that the function's SDK clients call. */
  endpoint(): string;
  /** Fresh session keys of the function's role. */
  credentials(): Required<Credentials>;
  /** One line of the function's log. */
  log(line: string, requestId?: string): void;
  /** A native package of the host stood in for the bundle's: which one, and which was used. */
  substituted(wanted: string, used: string): void;
}
