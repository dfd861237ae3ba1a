import type { Schemas } from "@/api/client";
import { risk as texts } from "@/texts/risk";

export type Rule = Schemas["RiskRule"];
export type Kind = Schemas["RuleKind"];
export type ScopeKind = Schemas["RiskScopeKind"];
export type Action = Schemas["RiskAction"];

const AMOUNTS: readonly Kind[] = ["exposure", "order_size", "day_loss"];
const OF_EQUITY: readonly Kind[] = ["exposure_percent", "day_loss_percent", "drawdown"];
const PERCENTS: readonly Kind[] = [...OF_EQUITY, "price_collar", "spread"];

/** Whether the API wants a currency for it; for the others it refuses one. */
export const hasCurrency = (kind: Kind): boolean => AMOUNTS.includes(kind) || OF_EQUITY.includes(kind);
export const isAmount = (kind: Kind): boolean => AMOUNTS.includes(kind);
export const isPercent = (kind: Kind): boolean => PERCENTS.includes(kind);

/** What may happen to an entry that breaks a rule of this kind. */
export function actionsOf(kind: Kind): Action[] {
  const isOfSize = kind === "exposure" || kind === "exposure_percent" || kind === "order_size";
  return isOfSize ? ["refuse", "reduce", "pause", "notify"] : ["refuse", "pause", "notify"];
}

/** What a rule of this kind may hold for: losses of equity are of whole accounts. */
export function scopesOf(kind: Kind): ScopeKind[] {
  const isWhole = kind === "day_loss_percent" || kind === "drawdown";
  return isWhole ? ["user", "account", "exchange"] : ["user", "account", "exchange", "symbol", "assets", "strategy", "bot"];
}

/** What stands behind a number of the rule. */
export function unitOf({ kind, currency }: Pick<Rule, "kind" | "currency">): string {
  if (isPercent(kind)) return texts.unit.percent;
  if (kind === "leverage") return texts.unit.times;
  return isAmount(kind) ? (currency ?? texts.unit.quote) : "";
}

/** How a rule is called in buttons and titles: by its label, or by what it bounds. */
export const nameOf = ({ label, kind }: Pick<Rule, "label" | "kind">): string => label || texts.kinds[kind] || kind;

/** The rule as a request has it. */
export const bodyOf = ({ label, scope, kind, max, currency, action, pause_minutes, enabled }: Rule): Schemas["SaveRiskRule"] => ({
  label,
  scope,
  kind,
  max,
  action,
  enabled,
  ...(currency === null ? {} : { currency }),
  ...(pause_minutes === null ? {} : { pause_minutes }),
});

/** What a rule pauses now, itself or on whole accounts; null if nothing. */
export function pauseOf(rule: Rule, accounts: Schemas["AccountState"][]): { until: string | null } | null {
  if (rule.paused) return rule.paused;
  const held = accounts.flatMap(({ reducing }) => (reducing?.rule_id === rule.id ? [reducing.until] : []));
  if (held.length === 0) return null;
  // The longest of them; one without an end is the longest.
  return { until: held.includes(null) ? null : (held.sort().at(-1) ?? null) };
}
