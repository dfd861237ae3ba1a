import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { market as marketTexts } from "@/texts/market";
import { Moment } from "@/ui/age";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import type { Series } from "./series";

type Gap = Schemas["SeriesGap"];

const told = marketTexts.gaps;
const COLUMNS: Column<Gap>[] = [
  { id: "start", title: told.columns.start, value: (gap) => gap.start_time, cell: (gap) => <Moment at={gap.start_time} /> },
  { id: "end", title: told.columns.end, value: (gap) => gap.end_time, cell: (gap) => <Moment at={gap.end_time} /> },
  { id: "candles", title: told.columns.candles, value: (gap) => gap.candles, number: true },
  { id: "kind", title: told.columns.kind, value: (gap) => told.kinds[gap.kind] },
];

/** Where candles of the time that is shown are missing, and why. */
export function Gaps({ series: { exchange, symbol, timeframe } }: { series: Series }) {
  const [{ since, until }] = useFilters();
  const gaps = useList("/api/v1/market-data/gaps", { exchange, symbol, timeframe, since, until, limit: 1000 }, { poll: 30 });
  // The chart says already that there is no such market.
  if (gaps.error?.code === "unknown_market") return null;
  return (
    <Section title={told.title}>
      <List of={gaps} id="gaps" caption={told.caption} columns={COLUMNS} rowKey={(gap) => gap.start_time} sort="-start" empty={<Empty title={told.none} />} />
    </Section>
  );
}
