import type { Schemas } from "@/api/client";

type Assessment = Schemas["RiskAssessment"];
type Book = Pick<Schemas["RiskBook"], "mode" | "currency">;

export interface Point {
  at: string;
  score: number;
}

/** Scores of one mode and currency, oldest first; of each assessment once. */
export function scores(all: Assessment[], { mode, currency }: Book): Point[] {
  const found = all.flatMap(({ at, books }) => books.filter((book) => book.mode === mode && book.currency === currency).map(({ score }): [string, Point] => [at, { at, score }]));
  return [...new Map(found).values()].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Points of an SVG line that is this wide and high: time to the right, a score of 100 at the top. */
export function path(points: Point[], width: number, height: number): string {
  const [first, last] = [Date.parse(points[0]?.at ?? ""), Date.parse(points.at(-1)?.at ?? "")];
  const place = ({ at, score }: Point) => {
    const share = last > first ? (Date.parse(at) - first) / (last - first) : 1;
    return `${Math.round(share * width)},${Math.round(height - (Math.min(100, Math.max(0, score)) / 100) * height)}`;
  };
  return points.map(place).join(" ");
}
