import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Texts that parts of other areas show, too. */
const SHARED = ["alerts", "bots", "whales"];

/** Pages of one area are fetched together, with their texts; null for all else. */
function area(file: string): string | null {
  const [, folder, found = "common"] = /\/src\/(pages|texts)\/([a-z-]+)/.exec(file) ?? [];
  if (found === "common") return null;
  return folder === "texts" && SHARED.includes(found) ? `${found}-texts` : found;
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
            // Nearly every page has a table; what is traded is shown by several areas, and has words of its own.
            { name: "table", test: /\/src\/ui\/(chart|dates|list|shown-once|table)\./, includeDependenciesRecursively: false },
            { name: "reports", test: /\/src\/(ui\/(average|bars|periods|sheet|trade-filters)|lib\/(period|profit|rounded|sheet)|texts\/(lists|trades))\./, includeDependenciesRecursively: false },
            { name: "traded", test: /\/src\/(ui\/(flatten|halt|order)|lib\/history|texts\/(halt|orders|positions))\./, includeDependenciesRecursively: false },
            { name: "reasons", test: /\/src\/(ui\/reason|texts\/reasons)\./, includeDependenciesRecursively: false },
            // A result of a backtest says its strategy in words, and has no form of one.
            { name: "strategy-form", test: /\/src\/pages\/bots\/(card|draft|strategy\/(builder|choice|fields|numeric|operand|planfields|rulesform|suggest))\./, includeDependenciesRecursively: false },
            { name: "backtests-form", test: /\/src\/pages\/backtests\/(form|market|new|sweep)\./, includeDependenciesRecursively: false },
            { name: "strategy", test: /\/src\/pages\/bots\/(names|terms|strategy\/\w+)\./, includeDependenciesRecursively: false },
            { name: "order-form", test: /\/src\/(pages\/orders\/new|texts\/order-form)[/.]/, includeDependenciesRecursively: false },
            { name: "administration", test: /\/src\/(pages|texts)\/(audit|keys|settings|tokens|users)[/.]/, includeDependenciesRecursively: false },
            { name: "portfolio", test: /\/src\/(pages|texts)\/(performance|portfolio|transactions)[/.]/, includeDependenciesRecursively: false },
            { name: area, includeDependenciesRecursively: false },
            { name: "plan", test: /\/src\/lib\/(levels|position)\./, includeDependenciesRecursively: false },
            { name: "parts", test: /\/src\/(ui\/(account|age|badge|copy|dialog|effect|filters|form|page|states|value|views)|lib\/(address|csv|decimal|market|problem|session|theme|verdict|words))\./, includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
  // `npm run dev` beside `cargo xtask up`: its web server holds the session and knows the way to the API.
  server: { proxy: { "/api": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580", "/health": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580" } },
});
