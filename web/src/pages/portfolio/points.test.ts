import { expect, it } from "vitest";
import { chosen, type Curve, drawn, keyOf, stepsOf } from "./points";

const point = (day: number) => ({ at: `2026-11-0${day}T12:00:00Z`, equity: "1000", cash: "900", unrealised_pnl: "0" });
const close = (day: number, total: string) => ({ at: `2026-11-0${day}T06:00:00Z`, position_id: "grp_1", realised_pnl: "1", total });
const curve = (of: Partial<Curve>): Curve => ({ mode: "paper", currency: "USDT", points: [], closes: [], ...of });
const SINCE = "2026-11-01T00:00:00Z";

it("a curve is that of the address, or the first that makes a line", () => {
  const [bare, one, line] = [curve({ mode: null, closes: [close(1, "1")] }), curve({ mode: "live", points: [point(1)] }), curve({ points: [point(1), point(2)] })];
  expect(keyOf(bare)).toBe("-.USDT");
  expect(chosen([bare, one, line], "live.USDT")).toBe(one);
  expect(chosen([bare, one, line], "live.EUR"), "an unknown one").toBe(line);
  expect(chosen([bare, one], undefined), "without a line").toBe(one);
  expect(chosen([bare], undefined), "without a point").toBe(bare);
  expect(chosen([], undefined)).toBeUndefined();
});

it("closes are steps between the points", () => {
  const of = curve({ points: [point(1), point(2), point(3)], closes: [close(2, "10"), close(3, "6")] });
  expect(stepsOf(of, SINCE).map(({ value }) => value)).toEqual([0, 10, 10, 6, 6]);
  expect(stepsOf({ points: [], closes: of.closes }, SINCE), "from 0, if a close comes first").toEqual([
    { at: Date.parse(SINCE), value: 0 },
    { at: Date.parse("2026-11-02T06:00:00Z"), value: 10 },
    { at: Date.parse("2026-11-03T06:00:00Z"), value: 6 },
  ]);
});

it("each line has a pane of its own, and one point is no line", () => {
  const panes = (of: Partial<Curve>) => drawn(curve(of), SINCE).map(({ title, pane }) => `${pane} ${title}`);
  expect(panes({ points: [point(1), point(2)], closes: [close(2, "1")] })).toEqual(["0 Equity", "1 Unrealised profit", "2 Closed in this time"]);
  expect(panes({ points: [point(1)], closes: [close(2, "1")] })).toEqual(["0 Closed in this time"]);
  expect(panes({ points: [point(1)] })).toEqual([]);
});
