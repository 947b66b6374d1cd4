import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { locales, words } from "./build/words.ts";

export default defineConfig({
  plugins: [words(), svelte()],
  // Relative, because the page is served from the program itself and not from the root of a site.
  base: "./",
  // The texts lie with the program's own, outside this folder.
  server: { fs: { allow: [".", locales] } },
  build: {
    // What WebView2 and WebKitGTK have both understood for years.
    target: "es2022",
    // The page's policy allows its own files only, so nothing is inlined and nothing is preloaded by a script.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  // Without it the unit tests would get Svelte's server half, where nothing reacts.
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node", setupFiles: ["tests/unit/browser.ts"] },
});
