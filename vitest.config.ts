import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What a poll waits for comes as soon as it can: on a busy machine that may be seconds.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // By itself vitest leaves one core to the watcher: half of a small machine.
    maxWorkers: '100%',
  },
});
