import { expect, it } from "vitest";
import { inOurWords } from "./words";

it.each([
  ["the last group of this market and timeframe ended lately", "the last position of this market and timeframe ended lately"],
  ["coins of position groups are missing at the venue", "coins of positions are missing at the exchange"],
  ["position_group_ids", "position_ids"],
  ["stop_loss_at_venue", "stop_loss_at_exchange"],
  ["recovered: as the venue has it", "recovered: as the exchange has it"],
  ["closed by its user over 1 BTC missing at the venue: my venue group", "closed by its user over 1 BTC missing at the exchange: my venue group"],
  ["regroup 2 of grp_1", "regroup 2 of grp_1"],
])("says %s as %s", (text, said) => expect(inOurWords(text)).toBe(said));
