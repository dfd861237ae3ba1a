import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { rowOf } from "./row";

type Detail = Schemas["PositionDetail"];

const position = { id: "grp_1", status: "closing" } as Detail;
const detail = { id: "grp_1", status: "live", quantity: "0.5" } as Detail;

it("keeps the figures that were read while they cannot be read anew, with their age", () => {
  const row = rowOf(position, { data: detail, isError: true, dataUpdatedAt: 1_000 }, "main");
  expect(row.detail?.quantity).toBe("0.5");
  expect(row.old).toBe(1_000);
  expect(row.of.status, "the list has been read since").toBe("closing");
});

it("has no figures of what was never read", () => {
  expect(rowOf(position, { data: undefined, isError: true, dataUpdatedAt: 0 }, "main")).toMatchObject({ detail: null, without: "cannot be read", old: 0 });
  expect(rowOf(position, { data: undefined, isError: false, dataUpdatedAt: 0 }, "main").without).toBe("Loading…");
});

it("shows what is read as it is", () => {
  expect(rowOf(position, { data: detail, isError: false, dataUpdatedAt: 1_000 }, "main")).toMatchObject({ of: detail, detail, old: 0 });
});
