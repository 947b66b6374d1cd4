// The tests of the built page in a browser.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/pages/**/*.test.ts"],
    environment: "node",
    // Each file starts a browser; several at once would compete for two cores.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
