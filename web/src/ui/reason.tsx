import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { inOurWords } from "@/lib/words";
import { reasonLinks, reasonText, reason as reasonTexts } from "@/texts/reasons";
import { Facts } from "./page";
import { Value } from "./value";

/** A reason in words, as a cell shows it; a code of another release as it is. */
export function Reason({ code }: { code: string }) {
  return <span className="block min-w-56">{reasonText(code)?.words ?? <code>{code}</code>}</span>;
}

interface WhyProps {
  code: string;
  /** What the API says besides, with the numbers. */
  detail?: string | null;
  /** Fields of the alert that are wrong. */
  fields?: string[];
}

/** Why something did not happen, and what to do about it. */
export function Why({ code, detail, fields = [] }: WhyProps) {
  const text = reasonText(code);
  return (
    <div className="card space-y-2">
      <p className="font-medium break-words">{text?.words ?? reasonTexts.unknown(code)}</p>
      {detail ? <p className="break-words">{inOurWords(detail)}</p> : null}
      {fields.length > 0 ? (
        <p className="flex flex-wrap items-center gap-1">
          <span className="font-medium">{reasonTexts.fields}</span>
          {fields.map((field) => (
            <code key={field} className="text-bad bg-bad-fill rounded px-1">
              {field}
            </code>
          ))}
        </p>
      ) : null}
      {text ? (
        <p>
          <span className="font-medium">{reasonTexts.next}</span> {text.next}{" "}
          {text.to ? (
            <Link to={text.to} search={text.to === "/alerts" ? { view: "dead-letters" } : {}}>
              {reasonLinks[text.to]}
            </Link>
          ) : null}
        </p>
      ) : null}
      <p className="text-soft text-xs">
        {reasonTexts.code} <code>{code}</code>
      </p>
    </div>
  );
}

/** The limit or rule that has refused an entry or made it smaller, with its numbers; their unit is that of the rule. */
export function Limit({ of: { rule_id: rule, comes_to, allowed, would_pass } }: { of: Schemas["BrokenLimit"] }) {
  const told = reasonTexts.limit;
  return (
    <Facts
      of={[
        [told.of, rule === null ? told.account : <Link key="rule" to="/risk">{told.rule}</Link>],
        [told.comesTo, <Value key="comes" of={comes_to} />],
        [told.allowed, <Value key="allowed" of={allowed} />],
        [told.passes, would_pass === null ? told.nothing : <Value key="passes" of={would_pass} />],
      ]}
    />
  );
}
