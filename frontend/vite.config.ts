import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Code that the first paint does not load is packed; the program unpacks it when it is asked for (app/packed.go). */
const packLater: Plugin = {
  name: "pack-later",
  apply: "build",
  writeBundle({ dir = "dist" }, bundle) {
    const first = new Set<string>();
    const load = (name: string) => {
      const part = bundle[name];
      if (part?.type !== "chunk" || first.has(name)) return;
      first.add(name);
      part.imports.forEach(load);
    };
    for (const [name, part] of Object.entries(bundle)) if (part.type === "chunk" && part.isEntry) load(name);
    for (const [name, part] of Object.entries(bundle)) {
      if (part.type !== "chunk" || first.has(name) || part.code.length < 10_000) continue;
      const file = join(dir, name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      rmSync(file);
    }
  },
};

/**
 * The entry's style sheet comes first: it has the library's styles, which ours change. Vite puts those of the parts that
 * the entry shares with other code before it.
 */
const entryStylesFirst: Plugin = {
  name: "entry-styles-first",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (html) => {
      const links = html.match(/^\s*<link rel="stylesheet"[^>]*>\n/gm) ?? [];
      const entry = links.filter((link) => link.includes("/index-"));
      if (entry.length !== 1) throw new Error(`${entry.length} style sheets of the entry`);
      const others = links.filter((link) => !entry.includes(link));
      const [first = ""] = links;
      const at = html.indexOf(first);
      return html.slice(0, at) + [...entry, ...others].join("") + html.slice(at + links.join("").length);
    },
  },
};

export default defineConfig({
  // Relative, so that the page works at any address the window serves it from.
  base: "./",
  plugins: [react(), packLater, entryStylesFirst],
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
