import { Link } from "@tanstack/react-router";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { texts } from "@/texts/common";
import { alerts as alertsTexts } from "@/texts/alerts";
import { ReadAt } from "@/ui/age";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import { useAccountLabels } from "./account";
import { alertColumns } from "./columns";
import { DeadLetters } from "./dead-letters";

const MODES = ["paper", "testnet", "live"] as const;
const KINDS = Object.entries(alertsTexts.kind).map(([value, text]) => ({ value, text }));
const VIEWS = ["received", "dead-letters"] as const;

/** Alerts that arrived, or the dead letters: `?view=` says which. */
export function Alerts() {
  const [search] = useFilters();
  return search.view === "dead-letters" ? <DeadLetters views={<Views at="dead-letters" />} /> : <Received />;
}

function Received() {
  const [search, filter] = useFilters();
  const { status, mode, symbol } = search;
  const alerts = useList("/api/v1/deliveries", { status, mode, symbol }, { poll: true });
  const labels = useAccountLabels();
  return (
    <Page title={alertsTexts.title} about={<ReadAt at={alerts.dataUpdatedAt} failed={alerts.isError} />}>
      <Views at="received" />
      <Filters
        of={[
          { name: "status", label: alertsTexts.filters.status, options: KINDS },
          { name: "mode", label: alertsTexts.filters.mode, options: MODES.map((value) => ({ value, text: texts.mode[value] })) },
          { name: "symbol", label: alertsTexts.filters.symbol },
        ]}
        search={search}
        onChange={filter}
      />
      <List
        of={alerts}
        id="alerts"
        caption={alertsTexts.title}
        columns={alertColumns(labels)}
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

function Views({ at }: { at: (typeof VIEWS)[number] }) {
  return (
    <nav aria-label={alertsTexts.views.label} className="border-line flex gap-1 border-b">
      {VIEWS.map((view) => (
        <Link
          key={view}
          to="/alerts"
          search={view === "received" ? {} : { view }}
          aria-current={view === at ? "page" : undefined}
          className={`text-ink px-3 py-2 no-underline ${view === at ? "border-brand -mb-px border-b-2 font-semibold" : "hover:bg-hover"}`}
        >
          {alertsTexts.views[view]}
        </Link>
      ))}
    </nav>
  );
}
