import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ApiError } from "@/api/client";
import { Found, type Part } from "./found";

const read: Omit<Part, "what"> = { isPending: false, error: null, again: () => {} };
const shown = (changed: { [What in Part["what"]]?: Partial<Part> } = {}, items: string[] = []) =>
  renderToStaticMarkup(<Found items={items} parts={(["open", "closed", "halts", "checks"] as const).map((what) => ({ ...read, what, ...changed[what] }))} />);

it.each([403, 503, 0])("says what could not be read from the start, and offers to try again: %i", (status) => {
  const error = new ApiError(status, "unreadable", "");
  const found = shown({ open: { error }, checks: { error } });
  expect(found).toContain("Could not be read: open positions, checks of the deployment.");
  expect(found).toContain("Try again");
  expect(found).not.toContain("Nothing needs");
});

it("shows what is known while the deployment is being checked", () => {
  expect(shown({ checks: { isPending: true } })).toContain("Nothing so far; the deployment is being checked");
  const found = shown({ checks: { isPending: true } }, ["a halt"]);
  expect(found).toContain("a halt");
  expect(found).not.toContain("Nothing");
});

it("says that nothing needs attention once all is read", () => {
  expect(shown()).toContain("Nothing needs your attention");
  expect(shown({ halts: { isPending: true } })).not.toContain("Nothing");
});
