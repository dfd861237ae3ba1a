import { defineConfig } from "vitest/config";
import stories from "./vitest.stories.config.ts";

// The pictures of docs/guides/dashboard.md; `cargo xtask screenshots` takes them.
export default defineConfig({ test: { ...stories.test, include: ["stories/screenshots.ts"] } });
