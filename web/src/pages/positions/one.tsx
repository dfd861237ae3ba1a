import { Link, useParams } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { atStop, isOpen } from "@/lib/position";
import { useMay } from "@/lib/session";
import { texts as common } from "@/texts/common";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { Moment, Priced, ReadAt } from "@/ui/age";
import { Badge, ModeBadge } from "@/ui/badge";
import { Orders } from "@/ui/order";
import { Facts, Page, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { baseOf, Profit, quoteOf, Value } from "@/ui/value";
import { CancelPending, ClosePosition } from "./actions";
import { ChangeExits } from "./exits";
import { Status } from "./list";
import { Plan } from "./plan";
import { Timeline } from "./timeline";

type Detail = Schemas["PositionDetail"];

/** One position: its plan against what happened, and what can be done about it. */
export function Position() {
  const { id } = useParams({ strict: false }) as { id: string };
  const asked = useRead("/api/v1/position-groups/{id}", { params: { path: { id } } }, { poll: true });
  const position = asked.data;
  return (
    <Page
      title={position ? texts.title(position.symbol) : listTexts.title}
      about={
        <>
          {position ? (
            <p className="flex flex-wrap items-center gap-2">
              <ModeBadge mode={position.mode} /> <Badge>{position.exchange}</Badge> <Badge>{position.side}</Badge> <Status of={position.status} />
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
  if (!may || !isOpen(of.status)) return null;
  return (
    <>
      <CancelPending of={of} />
      <ChangeExits of={of} />
      <ClosePosition of={of} />
    </>
  );
}

function Body({ of }: { of: Detail }) {
  const orders = [...of.pyramids.flatMap((pyramid) => pyramid.legs.flatMap((leg) => leg.orders)), ...of.take_profit_orders, ...of.exit_orders];
  return (
    <>
      {of.attention ? (
        <p role="alert" className="card border-warn text-warn">
          {of.attention}
        </p>
      ) : null}
      <Figures of={of} />
      <Section title={texts.plan}>
        <Plan of={of} />
      </Section>
      <Section title={texts.orders}>
        <Orders of={orders} />
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

function Figures({ of }: { of: Detail }) {
  const [quote, base] = [quoteOf(of.symbol), baseOf(of.symbol)];
  const open = isOpen(of.status);
  const told = texts.figures;
  const fees = Object.entries(of.fees);
  return (
    <Facts
      of={[
        [told.held, <Value key="held" of={of.quantity} unit={base} />],
        [told.average, <Value key="average" of={of.average_price} unit={quote} />],
        [told.price, open && of.mark ? <Priced key="price" at={of.mark.at} source={common.source.price}><Value of={of.mark.price} unit={quote} /></Priced> : common.none],
        [told.unrealised, open ? <Priced key="unrealised" at={of.mark?.at} source={common.source.price}><Profit of={of.unrealised_pnl} unit={quote} /></Priced> : common.none],
        [told.realised, <Profit key="realised" of={of.realised_pnl} unit={quote} />],
        [told.stop, of.protected === "none" ? <span key="stop" className={open ? "text-warn" : ""}>{listTexts.protection.none}</span> : <Value key="stop" of={of.stop_price} unit={quote} />],
        [told.atStop, open ? <span key="at-stop" title={texts.atStopWhy}><Profit of={atStop(of)} unit={quote} /></span> : common.none],
        [told.protected, listTexts.protection[of.protected]],
        [told.exposure, <Value key="exposure" of={of.exposure} unit={quote} />],
        [told.fees, fees.length > 0 ? fees.map(([asset, fee]) => <div key={asset}><Value of={fee} unit={asset} /></div>) : common.none],
        [told.opened, <Moment key="opened" at={of.opened_at} />],
        [told.closed, of.closed_at ? <><Moment at={of.closed_at} /> {of.exit_reason ? `(${listTexts.exit[of.exit_reason]})` : null}</> : common.none],
      ]}
    />
  );
}
