import { useMay, useMe } from "@/lib/session";
import { overview as texts } from "@/texts/overview";
import { Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { Differences } from "./attention/differences";
import { Accounts } from "./overview/accounts";
import { Attention } from "./overview/attention";
import { Health } from "./overview/health";
import { OpenPositions } from "./overview/open";
import { Profits } from "./overview/profit";
import { Refused } from "./overview/refused";

/** What is open, what it risks, what needs attention and what was refused. */
export function Overview() {
  const me = useMe();
  const reads = useMay("trading:read");
  if (!me.data) return null;
  if (!reads) {
    return (
      <Page title={texts.title}>
        <NoPermission />
      </Page>
    );
  }
  return (
    <Page title={texts.title}>
      <Attention />
      <OpenPositions />
      <Profits />
      <Accounts />
      <Differences />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        <Refused />
        <Health />
      </div>
    </Page>
  );
}
