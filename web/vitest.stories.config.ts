import { defineConfig } from "vitest/config";

// The dashboard in a browser, against a deployed local stack; `cargo xtask test --lane web` starts both.
export default defineConfig({
  test: {
    environment: "node",
    include: ["stories/**/*.story.ts"],
    // Two cores, shared with the stack: one browser at a time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});
