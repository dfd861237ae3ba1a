import { describe, expect, it } from "vitest";
import { reasons, reasonText } from "./reasons";

describe("reasons", () => {
  it("each has words and a next step, in sentences", () => {
    for (const [code, { words, next }] of Object.entries(reasons)) {
      expect(words, code).toMatch(/^[A-Z].*\.$/);
      expect(next, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("words of the code's insides are not shown", () => {
    for (const [code, { words, next }] of Object.entries(reasons)) {
      expect(`${words} ${next}`, code).not.toMatch(/\bvenue|\bgroup|\bsomebody|\bnobody|\bwhoever/i);
    }
  });

  it("a code of another release has no text", () => {
    expect(reasonText("halted")).toBe(reasons.halted);
    expect(reasonText("out_of_moons")).toBeNull();
    expect(reasonText("constructor")).toBeNull();
  });
});
