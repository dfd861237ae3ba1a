import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { overview as texts } from "@/texts/overview";
import { Moment, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { Profit } from "@/ui/value";
import { lastDay } from "./day";

type Told = Schemas["ProfitAndLoss"];

/** Today and over the whole time that is told, each mode, exchange and currency by itself. */
export function Profits() {
  const told = useRead("/api/v1/dashboard/pnl", undefined, { poll: 15 });
  return (
    <Section title={texts.profit} actions={<ReadAt at={told.dataUpdatedAt} failed={told.isError} />}>
      <p className="text-soft text-xs">{texts.perMode}</p>
      <Shown of={told}>
        {(data) => (
          <>
            {data.totals.length === 0 ? <Empty title={texts.profitEmpty(data.start_time.slice(0, 10), lastDay(data.end_time))} /> : <Totals of={data} />}
            {data.known_since ? (
              <p className="text-warn text-xs">
                {texts.knownSince} <Moment at={data.known_since} />
              </p>
            ) : null}
          </>
        )}
      </Shown>
      <Link to="/trades">{texts.days}</Link>
    </Section>
  );
}

function Totals({ of }: { of: Told }) {
  const today = lastDay(of.end_time);
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {of.totals.map((total) => {
        const same = (day: Told["days"][number]) => day.mode === total.mode && day.exchange === total.exchange && day.asset === total.asset;
        const day = of.days.find((each) => each.date === today && same(each));
        return (
          <li key={`${total.mode} ${total.exchange} ${total.asset}`} className="card space-y-2">
            <div className="flex items-center justify-between gap-2">
              <h3>
                {total.exchange} <span className="text-soft">{total.asset}</span>
              </h3>
              <ModeBadge mode={total.mode} />
            </div>
            <dl className="grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(10rem,1fr))]">
              <Figure name={texts.today} note={texts.trades(day?.trades ?? 0)} value={day?.realised_pnl ?? "0"} unit={total.asset} />
              <Figure name={texts.since(of.start_time.slice(0, 10))} note={texts.trades(total.closed.trades)} value={total.closed.realised_pnl} unit={total.asset} />
              <Figure name={texts.open} note={`${texts.positionsCount(total.open.trades)}, ${texts.lastPrices}`} value={total.open.unrealised_pnl} unit={total.asset} />
              <Figure name={texts.openRealised} value={total.open.realised_pnl} unit={total.asset} />
            </dl>
            {total.open.unmarked > 0 ? <p className="text-warn text-xs">{texts.unmarked(total.open.unmarked)}</p> : null}
            {total.closed.fee_unvalued || total.open.fee_unvalued ? <p className="text-warn text-xs">{texts.feeUnvalued}</p> : null}
          </li>
        );
      })}
    </ul>
  );
}

function Figure({ name, note, value, unit }: { name: string; note?: string; value: string; unit: string }) {
  return (
    <div>
      <dt className="text-soft text-xs">{name}</dt>
      <dd className="text-base font-semibold">
        <Profit of={value} unit={unit} />
      </dd>
      {note ? <dd className="text-soft text-xs">{note}</dd> : null}
    </div>
  );
}
