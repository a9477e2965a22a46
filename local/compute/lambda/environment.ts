import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { timePreload } from '../clock/time-preload.ts';
import type { FunctionHost, FunctionSpec, InitialisationType } from './function-spec.ts';

/** The share of the memory size that V8 may fill with JavaScript objects; the rest is for buffers, native code and the runtime. */
const heapShare = 0.9;

/** The file descriptor on which our preload reports; see Child.reports. */
const reportsTo = 4;

const bootstrap = path.join(import.meta.dirname, 'bootstrap');

/** The command that runs a function's process. */
export function commandOf(spec: FunctionSpec, { hostModules, clock }: Pick<FunctionHost, 'hostModules' | 'clock'>): [string, ...string[]] {
  const time = timePreload(clock);
  return [
    process.execPath,
    '--expose-gc',
    // The code is seen under the neutral name of its task root, which is a link.
    '--preserve-symlinks',
    `--max-old-space-size=${Math.floor(spec.memoryMegabytes * heapShare)}`,
    ...(time === undefined ? [] : ['--import', time]),
    ...(hostModules === undefined ? [] : [...sdkPreload(hostModules), ...nativesPreload(spec, hostModules)]),
    path.join(bootstrap, 'main.mjs'),
  ];
}

/** Only where the bundle was built for another machine than this one may the host's binaries stand in. */
function nativesPreload(spec: FunctionSpec, hostModules: string): string[] {
  const targetArchitecture = spec.architecture === 'arm64' ? 'arm64' : 'x64';
  if (process.platform === 'linux' && process.arch === targetArchitecture) return [];
  return preload('host-natives.mjs', { hostModules, targetArchitecture, reportsTo: String(reportsTo) });
}

/** Lambda's Node runtimes hold the AWS SDK v3; here it is the host's. */
function sdkPreload(hostModules: string): string[] {
  return preload('runtime-sdk.mjs', { hostModules });
}

/** A module that is loaded before the function. Its parameters come in its URL, so that the function's environment stays what it is on AWS. */
function preload(file: string, parameters: Record<string, string>): string[] {
  const url = pathToFileURL(path.join(bootstrap, file));
  url.search = new URLSearchParams(parameters).toString();
  return ['--import', url.href];
}

/** Everything that a function's process finds in its environment: what Lambda sets, and of the host's only PATH. */
export function environmentOf(spec: FunctionSpec, host: FunctionHost, own: { runtimeApi: string; logStream: string; temporary: string; initialisationType: InitialisationType }): Record<string, string> {
  const credentials = host.credentials();
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    ...spec.environment,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // A home of its own keeps the SDK from reading the person's ~/.aws.
    HOME: own.temporary,
    TMPDIR: own.temporary,
    AWS_REGION: host.region,
    AWS_DEFAULT_REGION: host.region,
    AWS_ENDPOINT_URL: host.endpoint(),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: own.runtimeApi,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: own.initialisationType,
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: own.logStream,
    AWS_LAMBDA_LOG_FORMAT: spec.jsonLogs ? 'JSON' : 'Text',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: spec.codeDirectory,
    LAMBDA_RUNTIME_DIR: bootstrap,
    _HANDLER: spec.handler,
  };
}
