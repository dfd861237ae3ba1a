import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { texts } from "@/texts/common";
import { bot as botTexts, planForm } from "@/texts/bots";
import { AccountName } from "@/ui/account";
import { Age } from "@/ui/age";
import { Facts, Section } from "@/ui/page";
import { strategyName } from "./names";
import { placesOf } from "./strategy/paths";
import { Words } from "./strategy/sentences";

/** What a bot trades, by what, and how much. */
export function Terms({ of, account }: { of: Schemas["Bot"]; account: Schemas["Account"] | undefined }) {
  const told = botTexts.termFacts;
  return (
    <Section title={botTexts.terms}>
      {of.in_words.length > 0 ? <Words of={of.in_words} /> : <p className="text-warn">{botTexts.noWords}</p>}
      <Facts
        of={[
          [told.account, <AccountName key="account" of={account ?? { id: of.account_id }} link />],
          [told.exchange, of.exchange],
          [told.market, of.symbol],
          [told.timeframe, of.timeframe],
          [told.strategy, strategyName(of.strategy)],
          [told.confidence, <span key="confidence" className="number">{of.confidence_min}</span>],
          [told.preset, of.preset ? <Link key="preset" to="/presets/$name" params={{ name: of.preset }}>{of.preset}</Link> : botTexts.ofPreset],
          [told.updated, <Age key="updated" at={of.updated_at} />],
        ]}
      />
      <PlanFacts of={of.plan} />
    </Section>
  );
}

/** Members of a plan or ladder by name; those without a name of ours by their path. */
export function PlanFacts({ of }: { of: object }) {
  const places = placesOf(of);
  if (places.length === 0) return <p className="text-soft">{botTexts.planNone}</p>;
  const fields: Partial<Record<string, readonly [string, string]>> = planForm.fields;
  const names: Partial<Record<string, string>> = planForm.names;
  return (
    <div className="space-y-1">
      <h3>{botTexts.plan}</h3>
      <Facts of={places.map(({ path, value }) => [fields[path]?.[0] ?? names[path] ?? path, <span key={path} className="number">{value === "" ? texts.none : String(value)}</span>])} />
    </div>
  );
}
