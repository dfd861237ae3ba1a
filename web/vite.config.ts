import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    // The content security policy allows no `data:` address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npm run dev` beside `cargo xtask up`: its web server holds the session and knows the way to the API.
  server: { proxy: { "/api": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580", "/health": process.env.MONIQO_WEB ?? "http://127.0.0.1:4580" } },
});
