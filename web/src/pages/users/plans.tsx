import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { texts } from "@/texts/common";
import { settings as settingsTexts } from "@/texts/settings";
import { users as usersTexts } from "@/texts/users";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";

type Plan = Schemas["Plan"];

const told = usersTexts.plans;
const columns = told.columns;
const limit = (most: number | null) => most ?? told.unlimited;

function settingsOf({ settings }: Plan): string {
  const { names } = settingsTexts.preferences;
  const said: [string, string | null][] = [
    [names.theme, settings.theme],
    [names.time_zone, settings.time_zone],
    [names.quote_currency, settings.quote_currency],
    [names.quiet_hours, settings.quiet_hours],
    [names.risk_profile, settings.risk_profile],
  ];
  return said.filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}`).join(", ");
}

const COLUMNS: Column<Plan>[] = [
  { id: "name", title: columns.name, value: (plan) => plan.name, cell: (plan) => <span className="font-medium">{plan.name}</span> },
  { id: "description", title: columns.description, value: (plan) => plan.description },
  { id: "positions", title: columns.positions, value: (plan) => limit(plan.limits.positions), number: true, cell: (plan) => <span className="whitespace-nowrap">{limit(plan.limits.positions)}</span> },
  { id: "bots", title: columns.bots, value: (plan) => limit(plan.limits.bots), number: true, cell: (plan) => <span className="whitespace-nowrap">{limit(plan.limits.bots)}</span> },
  { id: "requests", title: columns.requests, value: (plan) => limit(plan.limits.requests_per_minute), number: true },
  { id: "monthly", title: columns.monthly, value: (plan) => plan.price_monthly, number: true, cell: (plan) => <Value of={plan.price_monthly} unit={plan.currency ?? undefined} /> },
  { id: "yearly", title: columns.yearly, value: (plan) => plan.price_yearly, number: true, cell: (plan) => <Value of={plan.price_yearly} unit={plan.currency ?? undefined} /> },
  { id: "settings", title: columns.settings, value: settingsOf, hidden: true },
  { id: "holders", title: columns.holders, value: (plan) => plan.holders, number: true },
  { id: "active", title: columns.active, value: (plan) => (plan.is_active ? texts.yes : texts.no) },
];

/** What each plan limits. */
export function Plans() {
  const plans = useList("/api/v1/plans");
  return (
    <>
      <p className="text-soft">{told.about}</p>
      <List of={plans} id="plans" caption={usersTexts.views.plans} columns={COLUMNS} rowKey={(plan) => plan.name} empty={<Empty title={told.empty} />} />
    </>
  );
}
