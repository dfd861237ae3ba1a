import { useState } from "react";
import type { Schemas } from "@/api/client";
import { inOurWords } from "@/lib/words";
import { audit as auditTexts } from "@/texts/audit";
import { Moment } from "@/ui/age";
import { Dialog } from "@/ui/dialog";
import { Facts } from "@/ui/page";
import { type Difference, differences, isChanged } from "./difference";

type Row = Schemas["AuditLog"];

const told = auditTexts.row;

const inWords = (resource: string) => inOurWords(resource).replaceAll("_", " ");

export const actorOf = (row: Row): string => (row.actor ? auditTexts.actors[row.actor.kind] : auditTexts.actorUnknown);
export const subjectOf = (row: Row): string => [inWords(row.resource), row.resource_id].filter(Boolean).join(" ");

/** Opens what a change was. */
export function Details({ of }: { of: Row }) {
  const [open, setOpen] = useState(false);
  const { facts } = told;
  return (
    <>
      <button type="button" className="button min-h-8" onClick={() => setOpen(true)} aria-label={`${auditTexts.open}: ${inOurWords(of.action)} ${subjectOf(of)}`}>
        {auditTexts.open}
      </button>
      {open ? (
        <Dialog title={inOurWords(of.action)} onClose={() => setOpen(false)}>
          <div className="space-y-3">
            <Facts
              of={[
                [facts.at, <Moment key="at" at={of.timestamp} />],
                [facts.actor, actorOf(of)],
                [facts.reason, of.details.reason],
                [facts.resource, <span key="what" className="break-all">{subjectOf(of)}</span>],
                [facts.user, <code key="user" className="text-xs break-all">{of.user_id}</code>],
                [facts.address, of.ip_address ?? told.addressUnknown],
                [facts.place, told.place(of.table, of.number)],
                [facts.hash, <code key="hash" className="text-xs break-all">{of.hash}</code>],
              ]}
            />
            <h3>{told.changed}</h3>
            <Differences of={differences(of.details.before, of.details.after)} />
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

function Differences({ of }: { of: Difference[] }) {
  if (of.length === 0) return <p className="text-soft">{told.changedNone}</p>;
  const { columns } = told;
  return (
    <div className="overflow-x-auto" role="region" aria-label={told.changed} tabIndex={0}>
      <table className="w-full text-left">
        <caption className="sr-only">{told.changed}</caption>
        <thead>
          <tr className="border-line border-b">
            {[columns.field, columns.before, columns.after].map((title) => (
              <th key={title} scope="col" className="p-2 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((each) => (
            <tr key={`${each.field}.${each.before}.${each.after}`} className="border-line border-b align-top last:border-0">
              <th scope="row" className="p-2 font-medium">
                {inOurWords(each.field) || told.value}
              </th>
              {isChanged(each) ? (
                <>
                  <td className="text-bad p-2 break-all">{each.before === null ? <span className="text-soft">{told.nothing}</span> : <del>{each.before}</del>}</td>
                  <td className="text-good p-2 break-all">{each.after === null ? <span className="text-soft">{told.nothing}</span> : <ins className="no-underline">{each.after}</ins>}</td>
                </>
              ) : (
                <td colSpan={2} className="text-soft p-2 break-all">
                  {each.after} ({told.same})
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
