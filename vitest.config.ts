import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,examples,bench}/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    // Two cores is the machine we promise our times for.
    maxWorkers: 2,
    testTimeout: 10_000,
  },
});
