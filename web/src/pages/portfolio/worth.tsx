import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { texts as common } from "@/texts/common";
import { portfolio as texts } from "@/texts/portfolio";
import { AccountName, accountText } from "@/ui/account";
import { Age, Priced } from "@/ui/age";
import { Badge, ModeBadge } from "@/ui/badge";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Profit, Value } from "@/ui/value";

type Worth = Schemas["Portfolio"];
type Total = Schemas["PortfolioTotal"];
type Account = Schemas["PortfolioAccount"];

/** What the accounts of each mode are worth in one currency. */
export function Totals({ of: { totals, accounts, currency } }: { of: Worth }) {
  return (
    <Section title={texts.totals.title(currency)}>
      <p className="text-soft">{texts.totals.about}</p>
      {totals.length === 0 ? (
        <Empty title={texts.totals.empty}>
          <Link to="/accounts">{texts.totals.emptyNext}</Link>
        </Empty>
      ) : (
        <ul className="grid gap-3 md:grid-cols-2">
          {totals.map((total) => (
            <OfMode key={total.mode} of={total} currency={currency} atCost={accounts.some(({ mode, unvalued }) => mode === total.mode && unvalued.length > 0)} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** `atCost`: whether a position of these accounts has no price. */
function OfMode({ of, currency, atCost }: { of: Total; currency: string; atCost: boolean }) {
  const { mode, equity, cash, exposure, unrealised_pnl: unrealised, price_at: at, partial, unvalued } = of;
  const worth = <Value of={equity} unit={currency} />;
  return (
    <li className="card min-w-0 space-y-3">
      <h3 className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} />
        {partial ? <Badge tone="warn">{texts.totals.partial}</Badge> : null}
      </h3>
      <dl className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(12rem,1fr))]">
        <Figure name={texts.totals.equity} large>
          {at === null ? worth : <Priced at={at} source={texts.totals.source}>{worth}</Priced>}
        </Figure>
        <Figure name={texts.totals.cash}>
          <Value of={cash} unit={currency} />
        </Figure>
        <Figure name={texts.totals.exposure}>
          <Value of={exposure} unit={currency} />
        </Figure>
        <Figure name={texts.totals.unrealised}>
          <Profit of={unrealised} unit={currency} />
        </Figure>
      </dl>
      {unvalued.length > 0 ? (
        <p className="text-warn break-words">
          {texts.totals.withoutPrice(unvalued.join(", "), currency)} <Link to="/market">{texts.totals.withoutPriceNext}</Link>
        </p>
      ) : null}
      {atCost ? <p className="text-warn">{texts.totals.atCost}</p> : null}
    </li>
  );
}

function Figure({ name, large, children }: { name: string; large?: boolean; children: ReactNode }) {
  return (
    <div className={large ? "col-span-full" : ""}>
      <dt className="text-soft text-xs">{name}</dt>
      <dd className={large ? "text-lg font-semibold" : ""}>{children}</dd>
    </div>
  );
}

const { columns } = texts.accounts;
const note = ({ unvalued }: Account): string => (unvalued.length > 0 ? texts.accounts.unvalued(unvalued.length) : "");

const COLUMNS: Column<Account>[] = [
  { id: "account", title: columns.account, value: accountText, cell: (row) => <AccountName of={{ id: row.account_id, label: row.label, exchange: row.exchange, mode: row.mode }} link /> },
  { id: "equity", title: columns.equity, value: (row) => row.equity, number: true, cell: (row) => <Value of={row.equity} unit={row.currency} /> },
  { id: "cash", title: columns.cash, value: (row) => row.cash, number: true, cell: (row) => <Value of={row.cash} unit={row.currency} /> },
  { id: "exposure", title: columns.exposure, value: (row) => row.exposure, number: true, cell: (row) => <Value of={row.exposure} unit={row.currency} /> },
  { id: "unrealised", title: columns.unrealised, value: (row) => row.unrealised_pnl, number: true, cell: (row) => <Unrealised of={row} /> },
  { id: "currency", title: columns.currency, value: (row) => row.currency, hidden: true },
  { id: "read", title: columns.read, value: (row) => row.cash_read_at, cell: (row) => <Age at={row.cash_read_at} /> },
  { id: "note", title: columns.note, value: note, cell: (row) => (note(row) ? <span className="text-warn text-xs">{note(row)}</span> : common.none) },
];

function Unrealised({ of: { unrealised_pnl: profit, price_at: at, currency } }: { of: Account }) {
  const told = <Profit of={profit} unit={currency} />;
  return at === null ? told : <Priced at={at} source={common.source.price}>{told}</Priced>;
}

/** Each account in each of its currencies. */
export function Accounts({ of }: { of: Account[] }) {
  if (of.length === 0) return null;
  return (
    <Section title={texts.accounts.title}>
      <p className="text-soft">{texts.accounts.about}</p>
      <Table id="portfolio-accounts" caption={texts.accounts.caption} rows={of} columns={COLUMNS} rowKey={(row) => `${row.account_id}.${row.currency}`} empty={null} />
    </Section>
  );
}
