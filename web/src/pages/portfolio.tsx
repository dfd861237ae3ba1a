import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMe } from "@/lib/session";
import { portfolio as texts } from "@/texts/portfolio";
import { ReadAt } from "@/ui/age";
import { Filters } from "@/ui/filters";
import { Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { EquityOverTime } from "./portfolio/curve";
import { NetPositions } from "./portfolio/net";
import { Accounts, Totals } from "./portfolio/worth";

const CURRENCY = /^[a-z0-9]{1,16}$/i;

/** What the reader's accounts hold, what that is worth, and what it was worth. */
export function Portfolio() {
  const [search, filter] = useFilters();
  const own = useMe().data?.settings?.quote_currency ?? "USDT";
  const typed = search.currency ?? "";
  const isWrong = typed !== "" && !CURRENCY.test(typed);
  const currency = typed && !isWrong ? typed.toUpperCase() : undefined;
  const worth = useRead("/api/v1/portfolio", { params: { query: { currency } } }, { poll: 15 });
  return (
    <Page title={texts.title} about={<ReadAt at={worth.dataUpdatedAt} failed={worth.isError} />}>
      <Filters of={[{ name: "currency", label: texts.currency, hint: isWrong ? texts.currencyWrong : texts.currencyHint(own) }]} search={search} onChange={filter} />
      <Shown of={worth}>
        {(data) => (
          <>
            <Totals of={data} />
            <Accounts of={data.accounts} />
          </>
        )}
      </Shown>
      <NetPositions />
      <EquityOverTime />
    </Page>
  );
}
