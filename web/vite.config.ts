import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Pages of one area are fetched together, and so are its texts, which parts of other pages show too; null for all else. */
function area(file: string): string | null {
  const [, folder, found] = /\/src\/(pages|texts)\/([a-z-]+)/.exec(file) ?? [];
  if (!found || found === "common") return null;
  return folder === "texts" ? `${found}-texts` : found;
}

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    // The content security policy allows no `data:` address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // One file for each area of pages: many small ones are packed worse than they are shared.
        codeSplitting: {
          groups: [
            // Nearly every page has a table, and what stands in it.
            { name: "table", test: /\/src\/(ui\/(chart|dates|halt|list|order|reason|shown-once|table)|lib\/history|texts\/(halt|orders|positions))\./, includeDependenciesRecursively: false },
            { name: "administration", test: /\/src\/(pages|texts)\/(audit|keys|settings|tokens|users)[/.]/, includeDependenciesRecursively: false },
            { name: area, includeDependenciesRecursively: false },
            { name: "plan", test: /\/src\/lib\/(levels|position)\./, includeDependenciesRecursively: false },
            { name: "parts", test: /\/src\/(ui\/(age|badge|copy|dialog|effect|filters|form|page|states|value|views)|lib\/(address|csv|decimal|session|theme|words))\./, includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
  // `npm run dev` beside `cargo xtask up`: its web server holds the session and knows the way to the API.
  server: { proxy: { "/api": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580", "/health": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580" } },
});
