import { expect, it } from "vitest";
import { changed, proposal } from "./limits-values";
import { DEFAULT_LIMITS } from "./words";

const limits = { account: "acc_1", mode: "live" as const, open_groups: 0, exposure: "0", day_loss: "0", version: 3, ...DEFAULT_LIMITS };
const values = { order_quote_max: "5000", exposure_max: "10000", day_loss_max: "1000", open_groups_max: "10", leverage_max: "1" };

it("sends what differs by value, counts as numbers and amounts as texts", () => {
  expect(changed(limits, { ...values, exposure_max: "10000.00" }).names).toEqual([]);
  expect(changed(limits, { ...values, order_quote_max: " 250.5 ", open_groups_max: "3" }).body).toEqual({ order_quote_max: "250.5", open_groups_max: 3 });
});

it("turns shares of a balance into whole amounts", () => {
  expect(proposal("9850.02", { open_groups_max: 5, exposure_percent: 60, order_percent: 15, day_loss_percent: 4, leverage_max: 2 }, true)).toEqual({
    order_quote_max: "1477", exposure_max: "5910", day_loss_max: "394", open_groups_max: "5", leverage_max: "2",
  });
});
