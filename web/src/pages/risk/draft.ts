import type { Schemas } from "@/api/client";
import { compare } from "@/lib/decimal";
import { ruleForm as texts } from "@/texts/risk";
import { type Action, actionsOf, hasCurrency, isAmount, isPercent, type Kind, type Rule, type ScopeKind, scopesOf } from "./words";

/** A rule as it is typed. */
export interface Draft {
  label: string;
  kind: Kind;
  max: string;
  currency: string;
  scope: ScopeKind;
  /** One name, or assets apart by commas. */
  of: string;
  action: Action;
  pause: string;
  enabled: boolean;
}

export type Name = keyof Draft;
type Body = Schemas["SaveRiskRule"];

/** Where the form has what a refusal names. */
export const FIELDS: Readonly<Record<string, Name>> = {
  label: "label",
  kind: "kind",
  max: "max",
  currency: "currency",
  "scope.kind": "scope",
  "scope.of": "of",
  scope: "scope",
  action: "action",
  pause_minutes: "pause",
  enabled: "enabled",
};

export const newDraft = (currency: string): Draft => ({ label: "", kind: "order_size", max: "", currency, scope: "user", of: "", action: "refuse", pause: "", enabled: true });

export const draftOf = (rule: Rule, currency: string): Draft => ({
  label: rule.label,
  kind: rule.kind,
  max: rule.max,
  currency: rule.currency ?? currency,
  scope: rule.scope.kind,
  of: rule.scope.of.join(", "),
  action: rule.action,
  pause: rule.pause_minutes === null ? "" : String(rule.pause_minutes),
  enabled: rule.enabled,
});

/** Another kind, and of the rest what it allows. */
export function withKind(draft: Draft, kind: Kind): Draft {
  const action = actionsOf(kind).includes(draft.action) ? draft.action : "refuse";
  const stays = scopesOf(kind).includes(draft.scope);
  return { ...draft, kind, action, scope: stays ? draft.scope : "user", of: stays ? draft.of : "" };
}

const listed = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The body of a request that says what was typed. */
export function bodyOf(draft: Draft): Body {
  const { kind, scope, action } = draft;
  const pause = action === "pause" && draft.pause.trim() ? { pause_minutes: Number(draft.pause.trim()) } : {};
  const of = scope === "assets" ? listed(draft.of.toUpperCase()) : draft.of.trim() ? [draft.of.trim()] : [];
  return {
    label: draft.label.trim(),
    scope: { kind: scope, of: scope === "user" ? [] : of },
    kind,
    max: draft.max.trim(),
    action,
    enabled: draft.enabled,
    ...(hasCurrency(kind) ? { currency: draft.currency.trim().toUpperCase() } : {}),
    ...pause,
  };
}

/** What is wrong or missing, by field; bounds are the API's. */
export function wrongIn(draft: Draft): Partial<Record<Name, string>> {
  const wrong: Partial<Record<Name, string>> = {};
  const isWhole = !isAmount(draft.kind) && !isPercent(draft.kind);
  if (!draft.max.trim()) wrong.max = texts.required;
  else if (isWhole && !/^\d+$/.test(draft.max.trim())) wrong.max = texts.notWhole;
  else if (!/^\d+(\.\d+)?$/.test(draft.max.trim())) wrong.max = texts.notNumber;
  if (hasCurrency(draft.kind) && !draft.currency.trim()) wrong.currency = texts.required;
  if (draft.scope !== "user" && !draft.of.trim()) wrong.of = texts.required;
  if (draft.action === "pause" && draft.pause.trim() && !/^[1-9]\d*$/.test(draft.pause.trim())) wrong.pause = texts.notWhole;
  return wrong;
}

const STRICTNESS: Record<Action, number> = { notify: 0, reduce: 1, refuse: 2, pause: 3 };

/** Whether more could be held or lost: by another kind, scope or currency, a wider bound, a milder action, a shorter pause, or because it is off. */
export function isLooser(before: Body, after: Body): boolean {
  if (!before.enabled) return false;
  const isOther = before.kind !== after.kind || before.currency !== after.currency || JSON.stringify(before.scope) !== JSON.stringify(after.scope);
  const isMilder = STRICTNESS[after.action ?? "refuse"] < STRICTNESS[before.action ?? "refuse"];
  const isShorter = before.action === "pause" && after.action === "pause" && (after.pause_minutes ?? Infinity) < (before.pause_minutes ?? Infinity);
  return !after.enabled || isOther || isMilder || isShorter || compare(after.max, before.max) > 0;
}

export const maxHint = (kind: Kind): string => {
  const told = texts.maxHint;
  if (isAmount(kind)) return told.amount;
  if (kind === "exposure_percent") return told.equity;
  if (isPercent(kind)) return told.percent;
  return kind === "losing_closes" ? told.streak : kind === "leverage" ? told.leverage : told.count;
};
