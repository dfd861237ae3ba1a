import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { message, TEMPLATES } from "./template";

it("is word by word what `moniqo alerts template` prints", () => {
  const source = readFileSync("../shared/wire/src/alert/template.rs", "utf8");
  for (const text of Object.values(TEMPLATES)) expect(source).toContain(`r#"${text}"#`);
});

it("names another exchange and preset, and stays JSON", () => {
  const text = message("entry", "PAPER", "btc-grid");
  expect(JSON.parse(text)).toMatchObject({ tv: { exchange: "PAPER" }, preset: "btc-grid" });
  expect(message("strategy", null, "default")).toBe(TEMPLATES.strategy);
  expect(message("exit", null, "btc-grid")).not.toContain("btc-grid");
});
