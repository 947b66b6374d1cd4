// The build of the page, its development server, and its unit tests.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { locales, words } from "./build/words.ts";

export default defineConfig({
  plugins: [words(), svelte()],
  // Relative, because the program serves the page, not a web site's root.
  base: "./",
  // The page's messages are stored with the program's own texts, outside this folder.
  server: { fs: { allow: [".", locales] } },
  build: {
    // WebView2 and WebKitGTK have both supported it for years.
    target: "es2022",
    // The page's security policy allows only its own files, so nothing is inlined or preloaded by a script.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  // Without it the unit tests would load Svelte's server build, which is not reactive.
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node", setupFiles: ["tests/unit/setup.ts"] },
});
