import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reasonText } from "./reasons";

interface Document {
  components: { schemas: { ReasonCode: { enum: string[] } } };
}

const codes = (JSON.parse(readFileSync(new URL("../../../docs/openapi.json", import.meta.url), "utf8")) as Document).components.schemas.ReasonCode.enum;

describe("reasons", () => {
  it("every code of the API has words and a next step", () => {
    for (const code of codes) {
      const text = reasonText(code);
      expect(text?.words, code).toMatch(/^[A-Z].*\.$/);
      expect(text?.next, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("words of the API's insides are not shown", () => {
    for (const code of codes) {
      const text = reasonText(code);
      expect(`${text?.words} ${text?.next}`, code).not.toMatch(/\bvenue|\bgroup|\bsomebody|\bnobody|\bwhoever/i);
    }
  });

  it("a code of another release has none", () => {
    expect(reasonText("out_of_moons")).toBeNull();
    expect(reasonText("constructor")).toBeNull();
  });
});
