import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { whales as texts } from "@/texts/whales";
import { ReadAt } from "@/ui/age";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Periods } from "@/ui/periods";
import { Empty } from "@/ui/states";
import { COLUMNS } from "./columns";
import { BLOCKCHAINS, PERIODS, queryOf, SCORES, STATUS, TYPES, USUAL } from "./filters";
import { MarketSentiment } from "./sentiment";
import { Summary } from "./summary";

const { filters } = texts;
const CHOICES = {
  blockchain: BLOCKCHAINS.map((value) => ({ value, text: texts.blockchains[value] })),
  type: TYPES.map((value) => ({ value, text: texts.types[value] })),
  status: STATUS.map((value) => ({ value, text: texts.status[value] })),
  score: SCORES.map((value) => ({ value, text: value })),
};

/** Large transfers, as far as the filters have them. */
export function Alerts({ views }: { views: ReactNode }) {
  const [search, filter] = useFilters();
  const query = queryOf(search, Date.now());
  const alerts = useList("/api/v1/whale-alerts", query, { poll: 30 });
  return (
    <Page title={texts.title} about={<ReadAt at={alerts.dataUpdatedAt} failed={alerts.isError} />}>
      {views}
      <p className="text-soft">{texts.about}</p>
      <Summary />
      <MarketSentiment />
      <div className="flex flex-wrap items-start gap-2">
        <Periods usual={USUAL} of={PERIODS} search={search} onChange={filter} />
        <Filters
          of={[
            { name: "currency", label: filters.currency, hint: search.currency && !query.currency ? filters.currencyWrong : undefined },
            { name: "blockchain", label: filters.blockchain, options: CHOICES.blockchain },
            { name: "type", label: filters.type, options: CHOICES.type },
            { name: "status", label: filters.status, options: CHOICES.status },
            { name: "amount", label: filters.amount, hint: search.amount && !query.min_amount_usd ? filters.amountWrong : undefined },
            { name: "score", label: filters.score, options: CHOICES.score },
          ]}
          search={search}
          onChange={filter}
        />
      </div>
      <p className="text-soft text-xs">{texts.hidden}</p>
      <List of={alerts} id="whales" caption={texts.caption} columns={COLUMNS} rowKey={(alert) => alert.id} sort="-detected" empty={Object.values(query).some(Boolean) ? <Empty title={texts.emptyFiltered}>{texts.emptyFilteredNext}</Empty> : <NoAlerts />} />
    </Page>
  );
}

function NoAlerts() {
  const maySee = useMay("sources:write");
  return (
    <Empty title={texts.empty}>
      <p>
        {texts.emptyNext} <code>{texts.emptyCommand}</code>
      </p>
      {maySee ? (
        <Link to="/whales" search={{ view: "sources" }}>
          {texts.emptySources}
        </Link>
      ) : null}
    </Empty>
  );
}
