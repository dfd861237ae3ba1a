import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { risk as texts } from "@/texts/risk";
import { Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { Views } from "@/ui/views";
import { ChangeRule, NewRule } from "./risk/form";
import { Rules } from "./risk/rules";
import { Score } from "./risk/score";

const VIEWS = (["rules", "score"] as const).map((value) => ({ value, text: texts.views[value] }));

/** The rules that bound what is open, and how risky that is. With `?create=1` or `?edit=rsk_…` the form of a rule. */
export function Risk() {
  const [search] = useFilters();
  const reads = useMay("trading:read");
  const mayChange = useMay("trading:write");
  if (search.create && mayChange) return <NewRule />;
  if (search.edit && mayChange) return <ChangeRule key={search.edit} id={search.edit} />;
  const view = search.view === "score" ? "score" : "rules";
  return (
    <Page title={texts.title}>
      <Views label={texts.views.label} of={VIEWS} chosen={view} />
      {!reads ? <NoPermission /> : view === "score" ? <Score /> : <Rules mayChange={mayChange} />}
    </Page>
  );
}
