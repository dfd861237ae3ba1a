import { useRead } from "@/api/hooks";
import { bot as botTexts } from "@/texts/bots";
import { ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Profit } from "@/ui/value";

/** What the bot has made in the last thirty days; each mode and currency by itself. */
export function Made({ bot }: { bot: string }) {
  const told = useRead("/api/v1/dashboard/pnl", { params: { query: { bot } } }, { poll: 30 });
  const totals = told.data?.totals ?? [];
  if (totals.length === 0) return null;
  return (
    <Section title={botTexts.made}>
      <ul className="card space-y-2">
        {totals.map(({ mode, exchange, asset, closed, open }) => (
          <li key={`${mode} ${exchange} ${asset}`} className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <ModeBadge mode={mode} />
            <span>
              {botTexts.profit}: <Profit of={closed.realised_pnl} unit={asset} /> <span className="text-soft">({botTexts.profitTrades(closed.trades)})</span>
            </span>
            <span>
              {botTexts.profitOpen}: <Profit of={open.unrealised_pnl} unit={asset} /> <span className="text-soft">({botTexts.openTrades(open.trades)})</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
