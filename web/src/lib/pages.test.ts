import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What CloudFront runs for each address that is not the API's, read out of the template. */
function handler(): (uri: string) => string {
  const template = readFileSync("../infra/sam/template.yaml", "utf8");
  const [, code] = /FunctionCode: \|\n((?: {8}.*\n)+)/.exec(template) ?? [];
  const handle = new Function("event", `${code}\nreturn handler(event).uri;`) as (event: object) => string;
  return (uri) => handle({ request: { uri } });
}

test("CloudFront answers every address of the dashboard with its page, and files as they are", () => {
  const answered = handler();
  for (const page of ["/", "/positions", "/positions/grp_1", "/market-data/BINANCE/BTC.B%2FUSDT", "/before/index.html", "/index.html", "/assets"]) {
    expect(answered(page)).toBe("/index.html");
  }
  for (const file of ["/assets/index-1.js", "/assets/gone.css", ...readdirSync("public").map((name) => `/${name}`)]) {
    expect(answered(file)).toBe(file);
  }
});
