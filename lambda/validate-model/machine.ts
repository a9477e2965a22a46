import { availableParallelism, cpus } from 'node:os';

/** The machine that runs this process, in words. */
export function machineName(environment: Readonly<Record<string, string | undefined>> = process.env, architecture: string = process.arch): string {
  const memory = environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'];
  const function_ = memory === undefined ? '' : `a Lambda function with ${Number(memory).toLocaleString('en-US')} MB on `;
  // Lambda and some containers do not say which processor it is.
  const model = cpus()[0]?.model.trim() ?? '';
  const processor = model === '' || model === 'unknown' ? architecture : `${architecture} (${model})`;
  return `${function_}${processor}, ${String(availableParallelism())} virtual processor${availableParallelism() === 1 ? '' : 's'}`;
}
