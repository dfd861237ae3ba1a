import type { Schemas } from "@/api/client";
import { subtract } from "@/lib/decimal";
import { balances as balancesTexts } from "@/texts/accounts";
import { Feed } from "@/ui/age";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";
import { type Account, wasRead } from "./words";

type Row = Schemas["BalanceState"] & { asset: string };

const free = (row: Row): string | null => subtract(row.balance, row.reserved);
const told = balancesTexts.columns;
const COLUMNS: Column<Row>[] = [
  { id: "asset", title: told.asset, value: (row) => row.asset },
  { id: "balance", title: told.balance, value: (row) => row.balance, number: true, cell: (row) => <Value of={row.balance} unit={row.asset} /> },
  { id: "reserved", title: told.reserved, value: (row) => row.reserved, number: true, cell: (row) => <Value of={row.reserved} unit={row.asset} /> },
  { id: "free", title: told.free, value: free, number: true, cell: (row) => <Value of={free(row)} unit={row.asset} /> },
];

/** What the exchange, or the chain, reported last. */
export function Balances({ of }: { of: Account }) {
  const { balances, balance_at: at } = of.state;
  const rows = Object.entries(balances).map(([asset, each]) => ({ asset, ...each }));
  return (
    <Section title={balancesTexts.title}>
      {wasRead(of) ? (
        <p>
          {balancesTexts.read}: <Feed at={at} />
        </p>
      ) : null}
      <Table id="balances" caption={balancesTexts.caption} rows={rows} columns={COLUMNS} rowKey={(row) => row.asset} sort="asset" empty={<Empty title={wasRead(of) ? balancesTexts.none : balancesTexts.never} />} />
      {of.address ? null : <p className="text-soft text-xs">{balancesTexts.old}</p>}
    </Section>
  );
}
