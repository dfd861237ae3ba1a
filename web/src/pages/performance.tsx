import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { moment } from "@/lib/time";
import { lists } from "@/texts/lists";
import { performance as texts } from "@/texts/performance";
import { accountText, useAccounts } from "@/ui/account";
import { ReadAt } from "@/ui/age";
import { BY_MODE, Filters } from "@/ui/filters";
import { Select } from "@/ui/form";
import { Page } from "@/ui/page";
import { Periods } from "@/ui/periods";
import { Shown } from "@/ui/states";
import { Groups, Meaning, Totals } from "./performance/groups";
import { Pictures } from "./performance/pictures";
import { BYS, byIn, isTime, queryOf, SOURCES } from "./performance/report";

/** How closed trades have gone, put together by what the reader chooses. */
export function Performance() {
  const [search, filter] = useFilters();
  const by = byIn(search.by);
  const accounts = useAccounts().data?.items ?? [];
  const report = useRead("/api/v1/performance", { params: { query: queryOf(search, Date.now()) } }, { poll: 30 });
  return (
    <Page title={texts.title} about={<ReadAt at={report.dataUpdatedAt} failed={report.isError} />}>
      <p className="text-soft">{texts.about}</p>
      <div className="flex flex-wrap items-start gap-2">
        <Select label={texts.by} value={by} onChange={(value) => filter("by", value === "month" ? "" : value)} options={BYS.map((value) => ({ value, text: texts.bys[value] }))} />
        <Periods search={search} onChange={filter} />
        <Filters
          of={[
            BY_MODE,
            { name: "account", label: lists.account, options: accounts.map((account) => ({ value: account.id, text: accountText(account) })) },
            { name: "source", label: texts.source, options: SOURCES.map((value) => ({ value, text: texts.sources[value] })) },
            { name: "symbol", label: lists.symbol },
            { name: "tag", label: texts.tag },
          ]}
          search={search}
          onChange={filter}
        />
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
