import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { texts } from "@/texts/common";
import { ladder as ladderTexts } from "@/texts/presets";
import { Facts, Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { MarketFields } from "./market";
import { cut, explain, type Ladder, MARKET, type MarketDraft, type Row, rows, slice } from "./plan";

const PAUSE = 500;

/** What a preset would buy and sell at a price: the API calculates it, nothing is placed. */
export function LadderPreview({ request }: { request: (market: MarketDraft) => Schemas["LadderRequest"] | null }) {
  const [market, setMarket] = useState(MARKET);
  const body = useSettled(request(market));
  const ladder = useQuery<Ladder, ApiError>({
    queryKey: ["/api/v1/ladders/plan", body],
    queryFn: body ? ({ signal }) => answered(api.POST("/api/v1/ladders/plan", { body, signal })) : skipToken,
    placeholderData: keepPreviousData,
  });
  return (
    <Section title={ladderTexts.title}>
      <p className="text-soft">{ladderTexts.why}</p>
      <MarketFields value={market} onChange={setMarket} />
      {body === null ? <Empty title={ladderTexts.waiting} /> : <Shown of={ladder}>{(told) => <Planned ladder={told} />}</Shown>}
    </Section>
  );
}

/** The newest value once it has not changed for a moment: not each letter is a request. */
function useSettled<T>(value: T): T {
  const json = JSON.stringify(value);
  const [settled, setSettled] = useState(json);
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(json), PAUSE);
    return () => clearTimeout(waiting);
  }, [json]);
  return JSON.parse(settled);
}

const told = ladderTexts.columns;
const none = (
  <span className="text-soft" title={ladderTexts.notReached}>
    {texts.none}
  </span>
);
const COLUMNS: Column<Row>[] = [
  { id: "level", title: told.level, value: ({ leg }) => leg.level, cell: ({ leg }) => <span className="whitespace-nowrap">{ladderTexts.level(leg.level)}</span> },
  { id: "deviation", title: told.deviation, value: ({ leg }) => leg.deviation_percent, number: true, cell: ({ leg }) => <Value of={leg.deviation_percent} unit="%" /> },
  { id: "price", title: told.price, value: ({ leg }) => leg.price, number: true, cell: ({ leg }) => <Value of={leg.price} /> },
  { id: "quantity", title: told.quantity, value: ({ leg }) => leg.quantity, number: true, cell: ({ leg }) => <Value of={leg.quantity} /> },
  { id: "quote", title: told.quote, value: ({ leg }) => leg.quote, number: true, cell: ({ leg }) => <Value of={cut(leg.quote)} /> },
  { id: "cost", title: told.cost, value: ({ leg }) => leg.cost, number: true, hidden: true, cell: ({ leg }) => <Value of={cut(leg.cost)} /> },
  { id: "check", title: told.check, value: ({ leg }) => ladderTexts.check[leg.check], cell: ({ leg }) => <span className={leg.check === "ok" ? "text-good" : "text-bad font-medium whitespace-nowrap"}>{ladderTexts.check[leg.check]}</span> },
  { id: "held", title: told.held, value: ({ after }) => after?.quantity, number: true, cell: ({ after }) => (after ? <Value of={after.quantity} /> : none) },
  { id: "average", title: told.average, value: ({ after }) => after?.average_price, number: true, cell: ({ after }) => (after ? <span title={after.average_price}><Value of={cut(after.average_price)} /></span> : none) },
  { id: "stop", title: told.stop, value: ({ after }) => after?.stop_loss_price, number: true, cell: ({ after }) => (after ? <Stop of={after} /> : none) },
  { id: "profit", title: told.profit, value: ({ after }) => after?.take_profit.map(slice).join("; "), cell: ({ after }) => (after ? <TakeProfit of={after} /> : none) },
];

function Planned({ ladder }: { ladder: Ladder }) {
  const against = ladder.pre_flight ?? ladder.first_failure;
  return (
    <>
      <Facts
        of={[
          [ladderTexts.facts.preflight, against ? <span key="against" className="text-bad font-medium">{ladderTexts.check[against.check]}</span> : <span key="fine" className="text-good">{ladderTexts.fine}</span>],
          [ladderTexts.facts.needed, <Value key="needed" of={cut(ladder.quote_needed)} />],
          [ladderTexts.facts.base, <Value key="base" of={ladder.base_price} />],
          [ladderTexts.facts.deepest, <Value key="deepest" of={ladder.deviation_percent_max} unit="%" />],
        ]}
      />
      {against ? (
        <div role="alert" className="border-bad bg-bad-fill rounded-md border p-3">
          <p className="text-bad font-medium">{ladderTexts.refused}</p>
          <p>{explain(against)}</p>
        </div>
      ) : null}
      {ladder.stop_before_level == null ? null : <p className="border-warn bg-warn-fill text-warn rounded-md border p-3">{ladderTexts.stopBefore(ladder.stop_before_level)}</p>}
      <Table id="ladder" caption={ladderTexts.caption} rows={rows(ladder)} columns={COLUMNS} rowKey={({ leg }) => String(leg.level)} sort="level" empty={null} />
    </>
  );
}

function TakeProfit({ of }: { of: Ladder["after_fill"][number] }) {
  return (
    <ul className="number whitespace-nowrap">
      {of.take_profit.map((each, index) => (
        <li key={`${index} ${each.price}`}>{slice(each)}</li>
      ))}
      {of.all_profit_price ? <li>{ladderTexts.all(of.all_profit_price)}</li> : null}
    </ul>
  );
}

function Stop({ of }: { of: Ladder["after_fill"][number] }) {
  return (
    <>
      {of.stop_loss_trails && of.stop_loss_price ? <span className="number">{ladderTexts.stopTrails(of.stop_loss_price)}</span> : <Value of={of.stop_loss_price} />}
      {of.break_even_price ? <div className="text-soft text-xs">{ladderTexts.breakEven(of.break_even_price)}</div> : null}
    </>
  );
}
