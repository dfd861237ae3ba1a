import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { alerts as alertsTexts } from "@/texts/alerts";
import { useAccounts } from "@/ui/account";
import { ReadAt } from "@/ui/age";
import { BY_MODE, Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import { Views } from "@/ui/views";
import { alertColumns } from "./columns";
import { DeadLetters } from "./dead-letters";

const KINDS = Object.entries(alertsTexts.kind).map(([value, text]) => ({ value, text }));
const VIEWS = (["received", "dead-letters"] as const).map((value) => ({ value, text: alertsTexts.views[value] }));
const views = (chosen: string) => <Views label={alertsTexts.views.label} of={VIEWS} chosen={chosen} />;

/** Alerts that arrived, or the dead letters: `?view=` says which. */
export function Alerts() {
  const [search] = useFilters();
  return search.view === "dead-letters" ? <DeadLetters views={views("dead-letters")} /> : <Received />;
}

function Received() {
  const [search, filter] = useFilters();
  const { status, mode, symbol } = search;
  const alerts = useList("/api/v1/deliveries", { status, mode, symbol }, { poll: true });
  const accounts = useAccounts().data?.items;
  const columns = useMemo(() => alertColumns(accounts ?? []), [accounts]);
  return (
    <Page title={alertsTexts.title} about={<ReadAt at={alerts.dataUpdatedAt} failed={alerts.isError} />}>
      {views("received")}
      <Filters
        of={[
          { name: "status", label: alertsTexts.filters.status, options: KINDS },
          BY_MODE,
          { name: "symbol", label: alertsTexts.filters.symbol },
        ]}
        search={search}
        onChange={filter}
      />
      <List
        of={alerts}
        id="alerts"
        caption={alertsTexts.title}
        columns={columns}
        rowKey={(alert) => alert.id}
        sort="-received"
        empty={
          status || mode || symbol ? (
            <Empty title={alertsTexts.emptyFiltered} />
          ) : (
            <Empty title={alertsTexts.empty}>
              <Link to="/setup">{alertsTexts.emptyNext}</Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}
