import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { settings as settingsTexts } from "@/texts/settings";
import { Moment } from "@/ui/age";
import { Facts, Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";
import { type Column, Table } from "@/ui/table";

type Usage = Schemas["Usage"];

const told = settingsTexts.usage;

/** How much of a plan is used: the reader's own, or another user's for an admin. */
export function PlanUsage({ user }: { user?: string }) {
  const usage = useRead("/api/v1/usage", { params: { query: { user_id: user } } }, { poll: 30 });
  return (
    <Section title={user ? told.titleOther : told.title}>
      <Shown of={usage}>{(data) => <Used of={data} />}</Shown>
    </Section>
  );
}

function Used({ of }: { of: Usage }) {
  return (
    <>
      <Facts
        of={[
          [told.plan, of.plan],
          [told.positions, told.of(of.positions, of.limits.positions)],
          [told.bots, told.of(of.bots, of.limits.bots)],
          [told.ai, told.of(of.ai_calls_this_month, of.limits.ai_calls_per_month)],
        ]}
      />
      {of.requests ? <Requests of={of} /> : null}
    </>
  );
}

interface Row {
  kind: string;
  used: number;
  most: number | null;
  until: string;
}

const nameOf = (kind: string) => Object.entries(told.classes).find(([each]) => each === kind)?.[1] ?? kind;
const COLUMNS: Column<Row>[] = [
  { id: "kind", title: told.columns.class, value: (row) => nameOf(row.kind) },
  { id: "used", title: told.columns.used, value: (row) => row.used, number: true, cell: (row) => told.of(row.used, row.most) },
  { id: "until", title: told.columns.until, value: (row) => row.until, cell: (row) => <Moment at={row.until} /> },
];

function Requests({ of }: { of: Usage }) {
  const rows = Object.entries(of.requests ?? {}).map(([kind, { used, until }]): Row => ({ kind, used, until, most: of.requests_max[kind] ?? null }));
  return (
    <div className="space-y-1">
      <h3>{told.requests}</h3>
      <Table id="requests" caption={told.requests} rows={rows} columns={COLUMNS} rowKey={(row) => row.kind} sort="kind" empty={<Empty title={told.none} />} />
    </div>
  );
}
