import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { whales as texts } from "@/texts/whales";
import { Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { Views } from "@/ui/views";
import { Alerts } from "./whales/alerts";
import { Sources } from "./whales/sources";

// From the same file as the list: an entry of its own would split what all pages share.
export { WhaleAlert } from "./whales/one";

const VIEWS = (["alerts", "sources"] as const).map((value) => ({ value, text: texts.views[value] }));

/** Whale alerts, or the sources of a deployment: `?view=` says which. */
export function Whales() {
  const [search] = useFilters();
  const maySee = useMay("sources:write");
  const view = search.view === "sources" ? "sources" : "alerts";
  const views = maySee ? <Views label={texts.views.label} of={VIEWS} chosen={view} /> : null;
  if (view === "alerts") return <Alerts views={views} />;
  return (
    <Page title={texts.title}>
      {views}
      {maySee ? <Sources /> : <NoPermission />}
    </Page>
  );
}
