import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { moment } from "@/lib/time";
import { performance as texts } from "@/texts/performance";
import { ReadAt } from "@/ui/age";
import { Select } from "@/ui/form";
import { Page } from "@/ui/page";
import { Periods } from "@/ui/periods";
import { Shown } from "@/ui/states";
import { TradeFilters } from "@/ui/trade-filters";
import { Groups, Meaning, Totals } from "./performance/groups";
import { Pictures } from "./performance/pictures";
import { BYS, byIn, isTime, queryOf } from "./performance/report";

/** How closed trades have gone, put together by what the reader chooses. */
export function Performance() {
  const [search, filter] = useFilters();
  const by = byIn(search.by);
  const report = useRead("/api/v1/performance", { params: { query: queryOf(search, Date.now()) } }, { poll: 30 });
  return (
    <Page title={texts.title} about={<ReadAt at={report.dataUpdatedAt} failed={report.isError} />}>
      <p className="text-soft">{texts.about}</p>
      <div className="flex flex-wrap items-start gap-2">
        <Select label={texts.by} value={by} onChange={(value) => filter("by", value === "month" ? "" : value)} options={BYS.map((value) => ({ value, text: texts.bys[value] }))} />
        <Periods search={search} onChange={filter} />
        <TradeFilters search={search} onChange={filter} />
      </div>
      <Shown of={report}>
        {(data) => (
          <>
            {data.known_since ? (
              <p role="alert" className="card border-warn bg-warn-fill p-3">
                {texts.knownSince(moment(data.known_since))}
              </p>
            ) : null}
            <Totals of={data.totals} />
            {isTime(by) ? <Pictures of={data} by={by} /> : null}
            {data.groups.length > 0 ? <Groups of={data.groups} by={by} /> : null}
            <Meaning />
          </>
        )}
      </Shown>
    </Page>
  );
}
