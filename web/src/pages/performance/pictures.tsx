import type { Schemas } from "@/api/client";
import { withSign } from "@/lib/decimal";
import { texts as common } from "@/texts/common";
import { performance as texts } from "@/texts/performance";
import { ModeBadge } from "@/ui/badge";
import { Bars, DayBars } from "@/ui/bars";
import { Section } from "@/ui/page";
import { apart, type Group, months, type Time } from "./report";

type Report = Schemas["PerformanceReport"];

/** No month is wider than this, in rem. */
const MONTH = 5;

/** Profit by month or day, each mode and currency in a picture of its own. */
export function Pictures({ of, by }: { of: Report; by: Time }) {
  // One bar says no more than its number.
  if (of.totals.length === 0 || (by === "month" && months(of.since, of.until).places < 2)) return null;
  return (
    <Section title={texts.picture}>
      <ul className="grid gap-3 md:grid-cols-2">
        {of.totals.map((total) => (
          <Picture key={apart(total)} groups={of.groups.filter((group) => apart(group) === apart(total))} total={total} of={of} by={by} />
        ))}
      </ul>
    </Section>
  );
}

interface PictureProps {
  groups: Group[];
  total: Group;
  of: Report;
  by: Time;
}

function Picture({ groups, total: { mode, currency }, of: { since, until }, by }: PictureProps) {
  const known = groups.flatMap(({ key, realised_pnl: profit }) => (key === null ? [] : [{ date: key, value: Number(profit), title: texts.bar(key, `${withSign(profit)} ${currency}`) }]));
  const label = texts.pictureLabel(texts.bys[by], mode ? common.mode[mode] : common.mode.unknown, currency, texts.pictureCount[by](known.length));
  const { places, placeOf } = months(since, until);
  const digits = by === "day" ? 10 : 7;
  const last = new Date(Date.parse(until) - 1).toISOString();
  return (
    <li className="card min-w-0 space-y-2 p-3">
      <h3 className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} /> {texts.pictureOf(currency)}
      </h3>
      <div style={{ maxWidth: by === "day" ? undefined : `${places * MONTH}rem` }}>
        {by === "day" ? <DayBars label={label} bars={known} from={since} to={until} /> : <Bars label={label} bars={known.map(({ date, ...bar }) => ({ ...bar, place: placeOf(date) }))} places={places} />}
        <p className="text-soft mt-2 flex justify-between text-xs">
          <span>{since.slice(0, digits)}</span>
          <span>{last.slice(0, digits)}</span>
        </p>
      </div>
    </li>
  );
}
