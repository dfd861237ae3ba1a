import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { atStop, atStopWithLadder, isByPyramid, isOpen } from "@/lib/position";
import { texts as common } from "@/texts/common";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { AccountName } from "@/ui/account";
import { Moment, Priced } from "@/ui/age";
import { Facts } from "@/ui/page";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";

type Detail = Schemas["PositionDetail"];

/** Each of them once: an order may stand in two of these lists. */
export function ordersOf(of: Pick<Detail, "pyramids" | "take_profit_orders" | "exit_orders">): Schemas["Order"][] {
  const all = [...of.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders)), ...of.take_profit_orders, ...of.exit_orders];
  return [...new Map(all.map((order) => [order.id, order])).values()];
}

/** What there is of a position in figures; what it does not have is left out, where that says nothing. */
export function Figures({ of }: { of: Detail }) {
  const [quote, base] = [quoteOf(of.symbol), baseOf(of.symbol)];
  const open = isOpen(of.status);
  const told = texts.figures;
  const { preset, missing, still_held: left } = of;
  const some = (name: string, value: unknown, shown: ReactNode): [string, ReactNode][] => (value ? [[name, shown]] : []);
  const price = (shown: ReactNode) => <Priced at={of.mark?.at} source={common.source.price}>{shown}</Priced>;
  const stop = of.protected === "none" ? <span className="text-warn">{listTexts.protection.none}</span> : <Value of={of.stop_price} unit={quote} />;
  return (
    <Facts
      of={[
        [told.account, <AccountName of={{ id: of.account_id, exchange: of.exchange, mode: of.mode }} link />],
        [told.held, <Value of={of.quantity} unit={base} />],
        [told.average, <Value of={of.average_price} unit={quote} />],
        ...some(told.leverage, of.leverage, `${of.leverage} ×`),
        ...some(told.price, open, of.mark ? price(<Value of={of.mark.price} unit={quote} />) : common.none),
        ...some(told.unrealised, open, price(<Profit of={of.unrealised_pnl} unit={quote} />)),
        [told.realised, <><Profit of={of.realised_pnl} unit={quote} />{of.fee_unvalued ? <p className="text-warn">{texts.withoutFee}</p> : null}</>],
        [told.stop, open ? stop : <Value of={of.stop_price} unit={quote} />],
        ...some(told.atStop, open, <span title={texts.atStopWhy}><AtStop of={of} /></span>),
        ...some(told.protected, open, listTexts.protection[of.protected]),
        ...some(told.below, of.below_stop_since, <span className="text-warn"><Moment at={of.below_stop_since} /></span>),
        ...some(told.limit, of.time_limit_minutes, texts.minutes(of.time_limit_minutes ?? 0)),
        [told.exposure, <Value of={of.exposure} unit={quote} />],
        [told.fees, <Amounts of={of.fees} />],
        ...some(told.unvalued, Object.keys(of.fees_unvalued ?? {}).length, <span className="text-warn"><Amounts of={of.fees_unvalued ?? {}} /></span>),
        ...some(told.missing, missing, <span className="text-bad"><Value of={missing} unit={base} /> {open ? texts.missingOpen : texts.missingClosed}</span>),
        ...some(told.left, left, <span className="text-warn"><Value of={left?.quantity} unit={base} />{" "}{texts.leftCost} <Value of={left?.cost} unit={quote} /></span>),
        ...some(told.dust, !left && of.dust, <Value of={of.dust} unit={base} />),
        ...some(told.reductions, of.reductions.length, of.reductions.map(({ number, quantity }) => <div key={number}>{number}: <Value of={quantity} unit={base} /></div>)),
        [told.preset, preset ? <Link to="/presets/$name" params={{ name: preset.name }}>{texts.preset(preset.name, preset.version)}</Link> : texts.presetNone],
        [told.opened, <Moment at={of.opened_at} />],
        ...some(told.closed, of.closed_at, <><Moment at={of.closed_at} /> {of.exit_reason ? `(${listTexts.exit[of.exit_reason]})` : null}</>),
      ]}
    />
  );
}

/** What is won or lost if the stop is hit, now and once the ladder has filled; where there is none, that is said. */
export function AtStop({ of }: { of: Detail }) {
  if (of.protected === "none") return <span className="text-warn">{listTexts.protection.none}</span>;
  if (isByPyramid(of)) return texts.byPyramid;
  const [now, all] = [atStop(of), atStopWithLadder(of)];
  const unit = quoteOf(of.symbol);
  return (
    <>
      <Profit of={now} unit={unit} />
      {now === all ? null : (
        <span className="text-soft block text-xs" title={texts.ladderWhy}>
          {texts.ladder} <Profit of={all} unit={unit} />
        </span>
      )}
    </>
  );
}

function Amounts({ of }: { of: Record<string, string> }): ReactNode {
  const amounts = Object.entries(of);
  return amounts.length > 0 ? amounts.map(([asset, amount]) => <div key={asset}><Value of={amount} unit={asset} /></div>) : common.none;
}
