import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ApiError, Schemas } from "@/api/client";
import { key, read, useRead } from "@/api/hooks";
import { withSign } from "@/lib/decimal";
import { keyOf } from "@/lib/profit";
import { useMe } from "@/lib/session";
import { texts as common } from "@/texts/common";
import { overview as texts } from "@/texts/overview";
import { Moment, Priced, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { DayBars } from "@/ui/bars";
import { Section } from "@/ui/page";
import { Empty, Failure, Shown } from "@/ui/states";
import { Profit } from "@/ui/value";
import { lastDay } from "./day";
import { type InAll, inAll, spans } from "./in-all";

type Told = Schemas["ProfitAndLoss"];

const PATH = "/api/v1/dashboard/pnl";

/** What was won and lost by day and in all, each mode, exchange and currency by itself. */
export function Profits() {
  const told = useRead(PATH, undefined, { poll: 15 });
  return (
    <Section title={texts.profit} actions={<ReadAt at={told.dataUpdatedAt} failed={told.isError} />}>
      <p className="text-soft text-xs">{texts.perMode}</p>
      <Shown of={told}>{(data) => <Totals of={data} />}</Shown>
      <Link to="/trades">{texts.days}</Link>
    </Section>
  );
}

/** All that was closed before a period. It stays what it is, and is read once. */
function useEarlier(end: string) {
  const start = useMe().data?.created_at;
  return useQuery<Told[], ApiError>({
    queryKey: key(PATH, { start, end }),
    queryFn: ({ signal }) => Promise.all(spans(start ?? end, end).map((query) => read(PATH, { params: { query } }, signal))),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function Totals({ of }: { of: Told }) {
  const earlier = useEarlier(of.start_time);
  const all = inAll(of.totals, earlier.data?.flatMap(({ totals }) => totals) ?? []);
  const since = [of, ...(earlier.data ?? [])].map(({ known_since }) => known_since).find(Boolean);
  return (
    <>
      {all.length === 0 ? <Empty title={texts.profitEmpty(of.start_time.slice(0, 10), lastDay(of.end_time))} /> : null}
      {earlier.error && !earlier.data ? <Failure error={earlier.error} again={() => void earlier.refetch()} /> : null}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {all.map((each) => (
          <Total key={keyOf(each)} of={each} told={of} without={earlier.data ? null : earlier.isError ? texts.unreadFigure : common.states.loading} />
        ))}
      </ul>
      {since ? (
        <p className="text-warn text-xs">
          {texts.knownSince} <Moment at={since} />
        </p>
      ) : null}
    </>
  );
}

interface TotalProps {
  of: InAll;
  told: Told;
  /** Why it is not known what was closed before; null where it is. */
  without: string | null;
}

function Total({ of, told, without }: TotalProps) {
  const { mode, exchange, asset, period } = of;
  const from = told.start_time.slice(0, 10);
  const today = lastDay(told.end_time);
  const days = told.days.filter((day) => keyOf(day) === keyOf(of));
  const day = days.find(({ date }) => date === today);
  const bars = days.map(({ date, realised_pnl }) => ({ date, value: Number(realised_pnl), title: `${date}: ${withSign(realised_pnl)} ${asset}` }));
  const open = period?.open;
  return (
    <li className="card space-y-2">
      <div className="flex items-center justify-between gap-2">
        <h3>
          {exchange} <span className="text-soft">{asset}</span>
        </h3>
        <ModeBadge mode={mode} />
      </div>
      <dl className="grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(10rem,1fr))]">
        <Figure name={texts.today} note={texts.trades(day?.trades ?? 0)} value={day?.realised_pnl ?? "0"} unit={asset} />
        <Figure name={texts.since(from)} note={texts.trades(period?.closed.trades ?? 0)} value={period?.closed.realised_pnl ?? "0"} unit={asset} />
        <Figure name={texts.inAll} note={without ?? texts.trades(of.trades)} value={without ? null : of.realised} unit={asset} />
        {open?.trades ? (
          <>
            <Figure name={texts.open} note={texts.positionsCount(open.trades)} value={open.unrealised_pnl} unit={asset} at={open.price_at} />
            <Figure name={texts.openRealised} value={open.realised_pnl} unit={asset} />
          </>
        ) : null}
      </dl>
      {bars.length > 0 ? (
        <figure>
          <DayBars label={texts.bars(asset, exchange, mode ? common.mode[mode] : common.mode.unknown, bars.length)} bars={bars} from={told.start_time} to={told.end_time} />
          <figcaption className="text-soft flex justify-between text-xs">
            <span>{from}</span> <span>{texts.byDay}</span> <span>{today}</span>
          </figcaption>
        </figure>
      ) : null}
      {open?.unmarked ? <p className="text-warn text-xs">{texts.unmarked(open.unmarked)}</p> : null}
      {of.feeUnvalued || open?.fee_unvalued ? <p className="text-warn text-xs">{texts.feeUnvalued}</p> : null}
    </li>
  );
}

interface FigureProps {
  name: string;
  note?: string;
  value: string | null;
  unit: string;
  /** Of the oldest price that it follows from; undefined where it follows from none. */
  at?: string | null;
}

function Figure({ name, note, value, unit, at }: FigureProps) {
  const profit = <Profit of={value} unit={unit} />;
  return (
    <div>
      <dt className="text-soft text-xs">{name}</dt>
      <dd className="text-base font-semibold">
        {at === undefined ? profit : <Priced at={at} source={common.source.price}>{profit}</Priced>}
      </dd>
      {note ? <dd className="text-soft text-xs">{note}</dd> : null}
    </div>
  );
}
