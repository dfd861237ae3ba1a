import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useList, useRead } from "@/api/hooks";
import { isOpen } from "@/lib/position";
import { halt as haltTexts } from "@/texts/halt";
import { overview as texts } from "@/texts/overview";
import { ReadAt } from "@/ui/age";
import { Section } from "@/ui/page";
import { Loading } from "@/ui/states";

/** What a person has to look at: positions, checks of the deployment, halts. Each with its next step. */
export function Attention() {
  const positions = useList("/api/v1/position-groups", {}, { poll: true });
  const doctor = useRead("/api/v1/doctor", undefined, { poll: 30 });
  const halts = useRead("/api/v1/halt", undefined, { poll: true });
  const items: ReactNode[] = [];
  if (halts.data?.system_halted) items.push(<Item key="system" title={haltTexts.system} bad />);
  for (const account of halts.data?.accounts ?? []) {
    if (account.halted) items.push(<Item key={account.id} title={haltTexts.haltedBecause(account.label, account.halted.reason)} next={account.halted.kept_out ? haltTexts.suspended : undefined} />);
  }
  for (const position of positions.rows) {
    if (position.attention && (isOpen(position.status) || position.still_held)) {
      items.push(
        <Item
          key={position.id}
          title={
            <Link to="/positions/$id" params={{ id: position.id }}>
              {texts.position(position.symbol)}
            </Link>
          }
          next={position.attention}
        />,
      );
    }
  }
  for (const check of doctor.data?.checks ?? []) {
    if (check.state !== "ok") items.push(<Item key={check.name} title={`${texts.checks[check.name] ?? check.name}: ${check.meaning}`} next={check.next} bad={check.state === "fail"} />);
  }
  const oldest = Math.min(...[positions.dataUpdatedAt, doctor.dataUpdatedAt, halts.dataUpdatedAt].filter((at) => at > 0));
  const failed = positions.isError || doctor.isError || halts.isError;
  return (
    <Section title={texts.attention} actions={<ReadAt at={Number.isFinite(oldest) ? oldest : 0} failed={failed} />}>
      {items.length > 0 ? (
        <ul className="card divide-line divide-y p-0">{items}</ul>
      ) : doctor.isPending || halts.isPending || positions.isPending ? (
        <Loading />
      ) : failed ? null : (
        <p className="card text-good">{texts.attentionNone}</p>
      )}
    </Section>
  );
}

function Item({ title, next, bad }: { title: ReactNode; next?: string | null; bad?: boolean }) {
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
