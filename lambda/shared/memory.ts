/** What Node, the AWS SDK and the buffers of a transfer take of a function's memory, in MB. */
const overheadMb = 256;

/** What DuckDB may take of the rest; beside it stand its own allocations outside the limit, and what is read into JavaScript. */
const duckDbShare = 0.6;

/** A function without a memory size is a program on some machine: then DuckDB gets this much, in MB. */
const fallbackMb = 2048;

/** How much memory DuckDB may use in this function, in MB, from the function's own size. */
export function duckDbMemoryMb(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const size = Number(environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? fallbackMb);
  return Math.max(128, Math.floor((size - overheadMb) * duckDbShare));
}
