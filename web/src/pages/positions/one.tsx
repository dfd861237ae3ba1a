import { Link, useParams } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { isOpen } from "@/lib/position";
import { useMay } from "@/lib/session";
import { inOurWords } from "@/lib/words";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { ReadAt } from "@/ui/age";
import { Badge, ModeBadge } from "@/ui/badge";
import { Orders } from "@/ui/order";
import { Page, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { ByHand, CancelPending, ClosePosition } from "./actions";
import { ChangeExits } from "./exits";
import { Figures, ordersOf } from "./figures";
import { Status } from "./list";
import { Plan } from "./plan";
import { Timeline } from "./timeline";

type Detail = Schemas["PositionDetail"];

const CLOSED = 60;

/** One position: its plan against what happened, and what can be done about it. */
export function Position() {
  const { id } = useParams({ strict: false }) as { id: string };
  const init = { params: { path: { id } } };
  const asked = useRead("/api/v1/position-groups/{id}", init);
  const position = asked.data;
  // A fee or a late fill may still change one that is closed, but not in seconds.
  useRead("/api/v1/position-groups/{id}", init, { poll: position && !isOpen(position.status) ? CLOSED : true, enabled: position !== undefined });
  return (
    <Page
      title={position ? texts.title(position.symbol) : listTexts.title}
      about={
        <>
          {position ? (
            <p className="flex flex-wrap items-center gap-2">
              <ModeBadge mode={position.mode} /> <Badge>{position.exchange}</Badge> <Badge>{listTexts.side[position.side]}</Badge> <Status of={position.status} />
            </p>
          ) : null}
          <ReadAt at={asked.dataUpdatedAt} failed={asked.isError} />
        </>
      }
      actions={position ? <Actions of={position} /> : null}
    >
      <Shown of={asked}>{(data) => <Body of={data} />}</Shown>
    </Page>
  );
}

function Actions({ of }: { of: Detail }) {
  const may = useMay("trading:write");
  const mayOrder = useMay("orders:write");
  if (!isOpen(of.status)) return null;
  // At an exchange it takes a right of its own.
  const byHand = (mayOrder || (may && of.mode === "paper")) && of.status !== "closing" ? <ByHand of={of} /> : null;
  if (!may) return byHand;
  return (
    <>
      {byHand}
      <CancelPending of={of} />
      <ChangeExits of={of} />
      <ClosePosition of={of} />
    </>
  );
}

function Body({ of }: { of: Detail }) {
  return (
    <>
      {of.attention ? (
        <p role="alert" className="card border-warn text-warn">
          {inOurWords(of.attention)}
        </p>
      ) : null}
      <Figures of={of} />
      <Section title={texts.plan}>
        <Plan of={of} />
      </Section>
      <Section title={texts.orders}>
        <Orders of={ordersOf(of)} mode={of.take_profit.mode} />
      </Section>
      <Section title={texts.timeline}>
        <Timeline of={of} />
      </Section>
      <p>
        <Link to="/alerts/$id" params={{ id: of.delivery_id }}>
          {texts.alert}
        </Link>
        {of.bot_id ? (
          <>
            {" · "}
            <Link to="/bots/$id" params={{ id: of.bot_id }}>
              {texts.bot}
            </Link>
          </>
        ) : null}
      </p>
    </>
  );
}
