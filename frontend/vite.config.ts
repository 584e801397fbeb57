import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative, so that the page works at any address the window serves it from.
  base: "./",
  plugins: [react()],
  build: {
    // The oldest web view in use is WebKitGTK of Debian 12.
    target: "safari16",
    sourcemap: false,
    // The content security policy does not allow data URLs for fonts and scripts.
    assetsInlineLimit: 0,
    // Every web view in use has modulepreload.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    // The libraries' style sheets have no effect in jsdom and take time.
    css: false,
    // Loading the libraries and the screens again for each file took a third of the time. setup.ts restores what a file
    // changes outside its own tests.
    isolate: false,
    // axe takes seconds for a rendered list where two cores are shared.
    testTimeout: 90_000,
    // Two, so that the slow files with the large form run at the same time.
    maxWorkers: 2,
  },
});
