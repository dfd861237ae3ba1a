import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { texts as common } from "@/texts/common";
import { risk as texts, ruleForm } from "@/texts/risk";
import { AccountName } from "@/ui/account";
import { Facts } from "@/ui/page";
import { Value } from "@/ui/value";
import { unitOf } from "./words";

type Body = Schemas["SaveRiskRule"];

/** What a request says of a rule, by member. */
export function factsOf(of: Body): [string, ReactNode][] {
  const { kind, scope, max, currency = null, action, pause_minutes: minutes, label, enabled } = of;
  const whole = scope.kind === "user" ? texts.scopes.user : (scope.of?.join(", ") ?? "");
  return [
    [ruleForm.kind, texts.kinds[kind]],
    [ruleForm.max, <Value key="max" of={max} unit={unitOf({ kind, currency })} />],
    [ruleForm.scope, scope.kind === "account" ? <AccountName key="scope" of={{ id: scope.of?.[0] ?? "" }} /> : whole],
    [ruleForm.action, texts.actions[action ?? "refuse"]],
    ...(action === "pause" ? [[ruleForm.pause, minutes ? String(minutes) : texts.pausesOpen] satisfies [string, string]] : []),
    [ruleForm.label, label || common.none],
    [ruleForm.enabled, enabled === false ? common.no : common.yes],
  ];
}

export function RuleFacts({ of }: { of: Body }) {
  return <Facts of={factsOf(of)} />;
}
