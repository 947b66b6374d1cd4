import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/pages/**/*.test.ts"],
    environment: "node",
    // One browser for each file; more would fight over two cores and gain nothing.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
