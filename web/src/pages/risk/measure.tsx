import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { ruleActions } from "@/texts/risk";
import { AccountName } from "@/ui/account";
import { ModeBadge } from "@/ui/badge";
import { Dialog } from "@/ui/dialog";
import { Shown } from "@/ui/states";
import { Value } from "@/ui/value";
import { RuleFacts } from "./facts";
import { bodyOf, nameOf, type Rule, unitOf } from "./words";

type Measured = Schemas["RiskRuleTest"];

/** Measures what is open against a rule. It changes nothing, so it is asked at one press. */
export function Test({ of }: { of: Rule }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {ruleActions.test}
      </button>
      {open ? (
        <Dialog title={ruleActions.testTitle(nameOf(of))} onClose={() => setOpen(false)}>
          <div className="space-y-3">
            <p className="text-soft">{ruleActions.testWhy}</p>
            <RuleFacts of={bodyOf(of)} />
            {of.enabled ? null : <p className="text-warn">{ruleActions.testOff}</p>}
            <Result id={of.id} />
            <div className="flex justify-end">
              <button type="button" className="button" onClick={() => setOpen(false)}>
                {ruleActions.close}
              </button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

function Result({ id }: { id: string }) {
  const asked = useQuery<Measured, ApiError>({
    queryKey: ["/api/v1/risk-rules/{id}/test", id],
    queryFn: ({ signal }) => answered(api.POST("/api/v1/risk-rules/{id}/test", { params: { path: { id } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Shown of={asked}>
      {({ rule, modes }) => (
        <ul className="space-y-3">
          {modes.map((measure) => (
            <li key={measure.mode} className="card space-y-1">
              <Measure of={measure} rule={rule} />
            </li>
          ))}
        </ul>
      )}
    </Shown>
  );
}

function Measure({ of: { mode, comes_to, allowed, reached, broken_by }, rule }: { of: Schemas["RiskRuleMeasure"]; rule: Rule }) {
  const unit = unitOf(rule);
  const full = rule.action === "notify" ? ruleActions.reachedNotify : ruleActions.reached;
  return (
    <>
      <h3 className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} />
        {comes_to === null ? (
          <span className="text-warn font-normal">{ruleActions.unknown}</span>
        ) : (
          <span className="font-normal">
            {ruleActions.comesTo}: <Value of={comes_to} unit={unit} /> · {ruleActions.allowed}: <Value of={allowed} unit={unit} />
          </span>
        )}
      </h3>
      {comes_to === null ? null : <p className={reached ? "text-bad font-medium" : ""}>{reached ? full : ruleActions.free}</p>}
      {broken_by.length === 0 ? (
        <p>{ruleActions.brokenNone}</p>
      ) : (
        <>
          <p>{ruleActions.broken(broken_by.length)}</p>
          <Positions ids={broken_by} />
        </>
      )}
    </>
  );
}

/** Positions by their ids, with the markets of those that are open. */
export function Positions({ ids }: { ids: string[] }) {
  const known = useRead("/api/v1/position-groups", { params: { query: { limit: 200 } } }).data?.items;
  return (
    <ul className="list-disc pl-5">
      {ids.map((id) => {
        const position = known?.find((each) => each.id === id);
        return (
          <li key={id} className="break-all">
            <Link to="/positions/$id" params={{ id }}>
              {position?.symbol ?? id}
            </Link>{" "}
            {position ? <AccountName of={{ id: position.account_id, exchange: position.exchange, mode: position.mode }} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

