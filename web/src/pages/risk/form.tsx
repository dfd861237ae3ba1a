import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Answer, api, ifMatch, type Problem, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { atFields } from "@/lib/problem";
import { useMe } from "@/lib/session";
import { risk as texts, ruleForm } from "@/texts/risk";
import { Preview } from "@/ui/effect";
import { Page } from "@/ui/page";
import { Empty, Failure, Loading } from "@/ui/states";
import { bodyOf, type Draft, draftOf, FIELDS, isLooser, type Name, newDraft, wrongIn } from "./draft";
import { factsOf, RuleFacts } from "./facts";
import { RuleFields } from "./fields";
import { bodyOf as bodyOfRule, nameOf, type Rule } from "./words";

type Body = Schemas["SaveRiskRule"];

const BACK = (
  <Link to="/risk">
    {ruleForm.back}
  </Link>
);

/** A page that makes a rule. */
export function NewRule() {
  const me = useMe();
  return (
    <Page title={ruleForm.titleNew} about={BACK}>
      {me.data ? (
        <RuleForm
          start={newDraft(me.data.settings?.quote_currency ?? "")}
          before={null}
          verb={ruleForm.create}
          title={ruleForm.createTitle}
          save={(body, key) => api.POST("/api/v1/risk-rules", { body, params: { header: { "Idempotency-Key": key } } })}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

/** A page that changes a rule. */
export function ChangeRule({ id }: { id: string }) {
  const rule = useRead("/api/v1/risk-rules/{id}", { params: { path: { id } } });
  const title = rule.data ? ruleForm.title(nameOf(rule.data)) : texts.title;
  if (rule.data) return <Change of={rule.data} />;
  return (
    <Page title={title} about={BACK}>
      {rule.error?.status === 404 ? <Empty title={ruleForm.gone} /> : rule.error ? <Failure error={rule.error} again={() => void rule.refetch()} /> : <Loading />}
    </Page>
  );
}

function Change({ of }: { of: Rule }) {
  const own = useMe().data?.settings?.quote_currency ?? "";
  // What the form began with: a version that came meanwhile is not overwritten.
  const [begin] = useState(of);
  return (
    <Page title={ruleForm.title(nameOf(begin))} about={BACK}>
      <RuleForm
        start={draftOf(begin, own)}
        before={bodyOfRule(begin)}
        verb={ruleForm.save}
        title={ruleForm.saveTitle(nameOf(begin))}
        save={(body) => api.PUT("/api/v1/risk-rules/{id}", { body, params: { path: { id: begin.id }, header: ifMatch(begin.version ?? 0) } })}
      />
    </Page>
  );
}

interface RuleFormProps {
  start: Draft;
  /** What it said before, to show what changes; null for a new one. */
  before: Body | null;
  verb: string;
  title: string;
  save: (body: Body, key: string) => Promise<Answer<Rule> & { error?: Problem }>;
}

function RuleForm({ start, before, verb, title, save }: RuleFormProps) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState(false);
  // What the API has refused stands at its field until that is typed anew.
  const [refused, setRefused] = useState<Partial<Record<Name, string>>>({});
  const wrong = wrongIn(draft);
  const body = bodyOf(draft);
  const isSame = before !== null && JSON.stringify(body) === JSON.stringify(bodyOf(start));
  const change = (next: Draft) => {
    setDraft(next);
    setRefused({});
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) setOpen(true);
  };
  const act = async (key: string) => {
    const answer = await save(body, key);
    const { error } = answer;
    setRefused((error && atFields({ message: error.detail, problem: error }, FIELDS)) ?? {});
    return answer;
  };
  const shown = { ...refused, ...(tried ? wrong : {}) };
  return (
    <>
      <form onSubmit={send} className="space-y-4" noValidate>
        <RuleFields of={draft} wrong={shown} onChange={change} />
        {Object.keys(shown).length > 0 ? (
          <p role="alert" className="text-bad">
            {ruleForm.wrong}
          </p>
        ) : null}
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" className="button button-main" disabled={isSame}>
            {ruleForm.preview}
          </button>
          {isSame ? <span className="text-soft">{ruleForm.same}</span> : null}
        </div>
      </form>
      {open ? (
        <Preview
          verb={verb}
          title={title}
          act={({ key }) => act(key)}
          onDone={() => void navigate({ to: "/risk", search: {} })}
          onClose={() => setOpen(false)}
          preview={
            <>
              {before ? <Changes before={before} after={body} /> : <RuleFacts of={body} />}
              {before && isLooser(before, body) ? <p className="text-warn">{ruleForm.looser}</p> : null}
              <p>{body.enabled ? ruleForm.previewText : ruleForm.offText}</p>
            </>
          }
        />
      ) : null}
    </>
  );
}

/** Each member that changes: from what, to what. */
function Changes({ before, after }: { before: Body; after: Body }) {
  const [was, is] = [new Map(factsOf(before)), factsOf(after)];
  const differs = (member: string) => {
    const said = (of: Body) => ({ [ruleForm.kind]: of.kind, [ruleForm.max]: [of.max, of.currency], [ruleForm.scope]: of.scope, [ruleForm.action]: of.action, [ruleForm.pause]: of.pause_minutes, [ruleForm.label]: of.label, [ruleForm.enabled]: of.enabled })[member];
    return JSON.stringify(said(before)) !== JSON.stringify(said(after)) || !was.has(member);
  };
  return (
    <ul className="list-disc pl-5">
      {is
        .filter(([member]) => differs(member))
        .map(([member, value]) => (
          <li key={member}>
            {member}: {was.has(member) ? <s>{was.get(member)}</s> : null} → <strong>{value}</strong>
          </li>
        ))}
    </ul>
  );
}
