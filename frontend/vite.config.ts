import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The page is served by the window's asset handler, from wherever it likes.
  base: "./",
  plugins: [react()],
  build: {
    // The oldest web view in use is WebKitGTK of Debian 12.
    target: "safari16",
    sourcemap: false,
    // Data URLs would need their own word in the content security policy.
    assetsInlineLimit: 0,
    // The polyfill is an inline script's cousin and every web view here has the real thing.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    // Style sheets of libraries say nothing in jsdom and cost time.
    css: false,
    // Loading the libraries and the screens again for each file took a third of the time. What a file changes outside
    // its own tests, setup.ts puts back.
    isolate: false,
    // axe over a drawn list takes seconds where two cores are shared.
    testTimeout: 90_000,
    // Both cores: the files with the large form would otherwise stand in line.
    maxWorkers: 2,
  },
});
