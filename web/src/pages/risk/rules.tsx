import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useList, useRead } from "@/api/hooks";
import { moment } from "@/lib/time";
import { texts as common } from "@/texts/common";
import { risk as texts } from "@/texts/risk";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Age, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { List } from "@/ui/list";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";
import { Remove, Resume, Switch } from "./actions";
import { Test } from "./measure";
import { Recommended } from "./recommended";
import { pauseOf, type Rule, unitOf } from "./words";

interface Row {
  rule: Rule;
  /** Null if it pauses nothing now. */
  pause: { until: string | null } | null;
  /** What it holds for, in words. */
  scope: string;
}

interface Names {
  account: (id: string) => string;
  bot: (id: string) => string;
}

const told = texts.columns;
const isLimit = ({ source }: Rule): boolean => source === "account_limits";
const stateOf = ({ rule, pause }: Pick<Row, "rule" | "pause">) => (pause ? "paused" : rule.enabled ? "on" : "off");

function actionOf({ action, pause_minutes }: Rule): string {
  const text = texts.actions[action] ?? action;
  return action === "pause" ? `${text} ${pause_minutes === null ? texts.pausesOpen : texts.pausesFor(pause_minutes)}` : text;
}

function scopeOf({ scope: { kind, of } }: Rule, names: Names): string {
  if (kind === "user") return texts.scopes.user;
  if (kind === "account") return of.map(names.account).join(", ");
  return kind === "bot" ? of.map(names.bot).join(", ") : of.join(", ");
}

const columnsOf = (mayChange: boolean): Column<Row>[] => [
  { id: "name", title: told.name, value: ({ rule }) => texts.kinds[rule.kind] ?? rule.kind, cell: ({ rule }) => <Name of={rule} /> },
  { id: "bound", title: told.bound, value: ({ rule }) => rule.max, number: true, cell: ({ rule }) => <span title={isLimit(rule) ? texts.limitWhy : undefined}><Value of={rule.max} unit={unitOf(rule)} /></span> },
  { id: "scope", title: told.scope, value: ({ scope }) => scope, cell: (row) => <Scope of={row} /> },
  { id: "action", title: told.action, value: ({ rule }) => actionOf(rule), cell: ({ rule }) => <span className="block min-w-28">{actionOf(rule)}</span> },
  { id: "state", title: told.state, value: (row) => texts.state[stateOf(row)], cell: (row) => <State of={row} /> },
  { id: "version", title: told.version, value: ({ rule }) => rule.version, number: true },
  { id: "changed", title: told.changed, value: ({ rule }) => rule.updated_at, hidden: true, cell: ({ rule }) => (rule.updated_at ? <Age at={rule.updated_at} /> : common.none) },
  { id: "id", title: told.id, value: ({ rule }) => rule.id, hidden: true, cell: ({ rule }) => <code className="text-xs">{rule.id}</code> },
  { id: "actions", title: told.actions, value: () => null, cell: (row) => <Actions of={row} mayChange={mayChange} /> },
];
// The same ones each time: a dialog of a row stays open while what is shown is read again.
const [TO_READ, TO_CHANGE] = [columnsOf(false), columnsOf(true)];

/** The rules of the reader, the limits of accounts among them, and what can be done with each. */
export function Rules({ mayChange }: { mayChange: boolean }) {
  const of = useList("/api/v1/risk-rules", {}, { poll: 30 });
  const halts = useRead("/api/v1/halt", undefined, { poll: 30 });
  const account = useAccountTexts();
  const bot = useBotNames(of.rows);
  const states = halts.data?.accounts;
  const rows = useMemo(() => of.rows.map((rule): Row => ({ rule, pause: pauseOf(rule, states ?? []), scope: scopeOf(rule, { account, bot }) })), [of.rows, states, account, bot]);
  const actions = mayChange ? (
    <>
      <Recommended />
      <Link to="/risk" search={{ create: "1" }} className="button button-main">
        {texts.create}
      </Link>
    </>
  ) : null;
  return (
    <Section title={texts.rules} actions={actions}>
      <ReadAt at={of.dataUpdatedAt} failed={of.isError} />
      <p className="text-soft">{texts.what}</p>
      <List of={{ ...of, rows }} id="risk-rules" caption={texts.caption} columns={mayChange ? TO_CHANGE : TO_READ} rowKey={({ rule }) => rule.id} empty={<Empty title={texts.empty}>{texts.emptyNext}</Empty>} />
    </Section>
  );
}

/** Bots are asked for only if a rule names one. */
function useBotNames(rules: Rule[]): (id: string) => string {
  const names = rules.some(({ scope }) => scope.kind === "bot");
  const bots = useRead("/api/v1/bots", { params: { query: { limit: 200 } } }, { enabled: names }).data?.items;
  return useMemo(() => (id) => (bots ? (bots.find((bot) => bot.id === id)?.name ?? texts.goneBot) : id), [bots]);
}

function Name({ of }: { of: Rule }) {
  return (
    <span className="block min-w-32" title={texts.kindsWhy[of.kind]}>
      {texts.kinds[of.kind] ?? of.kind}
      {of.label ? <span className="text-soft block text-xs break-words">{of.label}</span> : null}
      {isLimit(of) ? <span className="text-soft block text-xs">{texts.limit}</span> : null}
    </span>
  );
}

function Scope({ of: { rule, scope } }: { of: Row }) {
  const { kind, of: [id = ""] } = rule.scope;
  if (kind === "account") return <span className="block min-w-28"><AccountName of={{ id }} /></span>;
  if (kind === "bot") return <Link to="/bots/$id" params={{ id }}>{scope}</Link>;
  return (
    <span title={texts.scopes[kind]} className="block min-w-24">
      {scope}
    </span>
  );
}

const TONES = { on: "good", off: "plain", paused: "warn" } as const;

function State({ of: { rule, pause } }: { of: Row }) {
  const state = stateOf({ rule, pause });
  return (
    <div className="min-w-20 space-y-1">
      <Badge tone={TONES[state]}>{texts.state[state]}</Badge>
      {pause ? <p className="text-warn text-xs">{texts.pausedUntil(pause.until && moment(pause.until))}</p> : null}
      {rule.overridden.map(({ mode, until }) => (
        <p key={mode ?? "any"} className="text-soft text-xs">
          {texts.overridden(moment(until), mode)}
        </p>
      ))}
    </div>
  );
}

function Actions({ of: { rule, pause }, mayChange }: { of: Row; mayChange: boolean }) {
  if (isLimit(rule)) {
    return (
      <Link to="/accounts/$id" params={{ id: rule.scope.of[0] ?? "" }} className="block min-w-44">
        {texts.limitEdit}
      </Link>
    );
  }
  return (
    <div className="flex min-w-48 flex-wrap gap-2">
      <Test of={rule} />
      {mayChange ? (
        <>
          {pause ? <Resume of={rule} /> : null}
          <Link to="/risk" search={{ edit: rule.id }} className="button">
            {common.actions.edit}
          </Link>
          <Switch of={rule} />
          <Remove of={rule} />
        </>
      ) : null}
    </div>
  );
}
