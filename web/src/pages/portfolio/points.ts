import type { Schemas } from "@/api/client";
import { portfolio } from "@/texts/portfolio";
import type { Curve as Drawn } from "@/ui/chart";

export type Curve = Schemas["EquityCurve"];

const { lines } = portfolio.curve;

/** As the address names a curve: modes and currencies are never added up. */
export const keyOf = ({ mode, currency }: Pick<Curve, "mode" | "currency">): string => `${mode ?? "-"}.${currency}`;

/** The curve that the address names, or else the first that makes a line. */
export function chosen(curves: Curve[], key: string | undefined): Curve | undefined {
  return curves.find((curve) => keyOf(curve) === key) ?? curves.find(({ points }) => points.length > 1) ?? curves.find(({ points }) => points.length > 0) ?? curves[0];
}

const at = ({ at }: { at: string }): number => Date.parse(at);

/** The sum of closes at each close and at each point, from 0: what was closed between two points is a step between them. */
export function stepsOf({ points, closes }: Pick<Curve, "points" | "closes">, since: string): { at: number; value: number }[] {
  const all = [...points, ...closes].sort((one, other) => at(one) - at(other));
  let total = 0;
  // A close that comes first is a step as well.
  const start = all[0] && "total" in all[0] ? [{ at: since }] : [];
  return [...start, ...all].map((each) => {
    if ("total" in each) total = Number(each.total);
    return { at: at(each), value: total };
  });
}

/** What is drawn of a curve, each in a pane of its own; empty if there is no line in it. */
export function drawn(curve: Curve, since: string): Drawn[] {
  const { points, closes } = curve;
  const isLine = points.length > 1;
  const of = (title: string, ink: Drawn["ink"], values: Drawn["points"]) => ({ title, ink, points: values });
  const found = [
    ...(isLine ? [of(lines.equity, "brand", points.map((point) => ({ at: at(point), value: Number(point.equity) }))), of(lines.open, "note", points.map((point) => ({ at: at(point), value: Number(point.unrealised_pnl) })))] : []),
    ...(closes.length > 0 ? [of(lines.closed, "warn", stepsOf(curve, since))] : []),
  ];
  return found.map((line, pane) => ({ ...line, pane }));
}
