import { defineConfig } from "vitest/config";

/** Browser tests against the real program: `npm run e2e` inside build/virtual.sh. They run one after the other. */
export default defineConfig({
  test: {
    root: "e2e",
    include: ["**/*.test.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
