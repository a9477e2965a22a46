import { expect, test } from 'vitest';
import { duckDbMemoryMb } from '../../../lambda/shared/memory.ts';

test("DuckDB's share follows the function's size, and leaves room for the rest", () => {
  for (const size of [512, 1024, 3008, 10240]) {
    const share = duckDbMemoryMb({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(size) });
    expect(share).toBeGreaterThanOrEqual(128);
    expect(share).toBeLessThan(size - 256);
  }
  expect(duckDbMemoryMb({})).toBeGreaterThan(1000);
});
