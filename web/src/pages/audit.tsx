import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { audit as auditTexts } from "@/texts/audit";
import { Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { Views } from "@/ui/views";
import { ChangesView } from "./audit/changes";
import { SystemView } from "./audit/system";

const told = auditTexts.views;

/** What was changed, and what the deployment has logged. */
export function Audit() {
  const [search] = useFilters();
  const maySystem = useMay("logs:read");
  const view = search.view === "system" ? "system" : "audit";
  return (
    <Page title={auditTexts.title}>
      <Views label={told.label} of={[{ value: "audit", text: told.audit }, ...(maySystem ? [{ value: "system", text: told.system }] : [])]} chosen={view} />
      {view === "audit" ? <ChangesView /> : maySystem ? <SystemView /> : <NoPermission />}
    </Page>
  );
}
