import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useDoctor } from "@/lib/doctor";
import { useMay } from "@/lib/session";
import { moment } from "@/lib/time";
import { inOurWords } from "@/lib/words";
import { texts as common } from "@/texts/common";
import { halt as haltTexts } from "@/texts/halt";
import { overview as texts } from "@/texts/overview";
import { AccountName } from "@/ui/account";
import { ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Found, type Part } from "./found";
import { useClosedList, useOpenList } from "./open-list";

/** What a person has to look at: positions, checks of the deployment, halts. Each with its next step. */
export function Attention() {
  const operates = useMay("system:operate");
  const open = useOpenList();
  const closed = useClosedList();
  const doctor = useDoctor();
  const halts = useRead("/api/v1/halt", undefined, { poll: true });
  const items: ReactNode[] = [];
  if (halts.data?.system_halted) items.push(<Item key="system" title={haltTexts.system} next={operates ? texts.systemNext : texts.operatorNext} bad />);
  for (const account of halts.data?.accounts ?? []) {
    const { halted, reducing } = account;
    if (!halted && reducing) {
      items.push(
        <Item
          key={account.id}
          title={
            <>
              <AccountName of={account} /> {haltTexts.pausedBecause(reducing.reason, reducing.until && moment(reducing.until))}
            </>
          }
          next={texts.haltNext}
        />,
      );
    }
    if (halted) {
      items.push(
        <Item
          key={account.id}
          title={
            <>
              <AccountName of={account} /> {haltTexts.haltedBecause(halted.reason)}
            </>
          }
          next={halted.kept_out ? haltTexts.suspended : texts.haltNext}
        />,
      );
    }
  }
  for (const position of [...(open.data?.rows ?? []), ...closed.rows.filter(({ still_held }) => still_held)]) {
    if (position.attention) {
      items.push(
        <Item
          key={position.id}
          title={
            <Link to="/positions/$id" params={{ id: position.id }}>
              {texts.position(position.symbol)}
            </Link>
          }
          next={inOurWords(position.attention)}
        />,
      );
    }
  }
  if (open.data?.isCut) items.push(<Item key="cut" title={texts.cut} next={<Link to="/positions">{common.shell.pages.positions}</Link>} />);
  for (const check of doctor.data?.checks ?? []) {
    // Halts stand above, each with its reason.
    if (check.state !== "ok" && check.name !== "halt") items.push(<Item key={check.name} title={`${texts.checks[check.name] ?? check.name}: ${inOurWords(check.meaning)}`} next={operates || OWN.has(check.name) ? check.next : texts.operatorNext} bad={check.state === "fail"} />);
  }
  const asked = [open, closed, doctor, halts];
  const oldest = Math.min(...asked.map((each) => each.dataUpdatedAt).filter((at) => at > 0));
  const parts: Part[] = [
    { what: "open", isPending: open.isPending, error: open.data ? null : open.error, again: open.refetch },
    { what: "closed", isPending: closed.isPending, error: closed.error, again: closed.again },
    { what: "halts", isPending: halts.isPending, error: halts.data ? null : halts.error, again: halts.refetch },
    { what: "checks", isPending: doctor.isPending, error: doctor.data ? null : doctor.error, again: doctor.refetch },
  ];
  return (
    <Section title={texts.attention} actions={<ReadAt at={Number.isFinite(oldest) ? oldest : 0} failed={asked.some((each) => each.isError)} />}>
      <Found items={items} parts={parts} />
    </Section>
  );
}

/** Steps of the other checks are an operator's, with commands and logs. */
const OWN = new Set<Schemas["CheckName"]>(["accounts", "limits"]);

function Item({ title, next, bad }: { title: ReactNode; next?: ReactNode; bad?: boolean }) {
  return (
    <li className={`border-l-4 p-3 ${bad ? "border-l-bad" : "border-l-warn"}`}>
      <p className="font-medium break-words">{title}</p>
      {next ? (
        <p className="text-soft break-words">
          {texts.next} {next}
        </p>
      ) : null}
    </li>
  );
}
