import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { inOurWords } from "@/lib/words";
import { alert as alertTexts, alerts as alertsTexts } from "@/texts/alerts";
import { texts } from "@/texts/common";
import { useAccounts } from "@/ui/account";
import { Age, Moment, ReadAt } from "@/ui/age";
import { ModeBadge } from "@/ui/badge";
import { Copy } from "@/ui/copy";
import { Facts, Page, Section } from "@/ui/page";
import { Limit, Why } from "@/ui/reason";
import { Shown } from "@/ui/states";
import { Value } from "@/ui/value";
import { accountOf, For } from "./account";
import { isFinal } from "@/lib/verdict";
import { AlertPositions } from "./positions";
import { pretty } from "./pretty";
import { PartOf, Routing } from "./routing";
import { marketOf, wanted } from "./signal";
import { VerdictBadge } from "./verdict";

type Received = Schemas["ReceivedAlert"];

export function Alert() {
  const id = useParams({ strict: false }).id ?? "";
  const asked = { params: { path: { id } } };
  const alert = useRead("/api/v1/deliveries/{id}", asked);
  // A verdict that is final is not asked about again.
  useRead("/api/v1/deliveries/{id}", asked, { poll: true, enabled: alert.data !== undefined && !isFinal(alert.data) });
  const title = alert.data ? (alert.data.by_hand ? alertTexts.titleByHand : alertTexts.title)(wanted(alert.data.signal), marketOf(alert.data.signal)) : alertsTexts.title;
  return (
    <Page title={title} about={<ReadAt at={alert.dataUpdatedAt} failed={alert.isError} />}>
      <Shown of={alert}>
        {(data) => (
          <>
            <Section title={alertTexts.verdict}>
              <Verdict of={data} />
            </Section>
            {data.part_of ? <PartOf of={data.part_of} /> : null}
            {data.verdict?.routing ? <Routing of={data.verdict.routing} /> : null}
            <Section title={alertTexts.positions}>
              <AlertPositions ids={data.verdict?.position_group_ids ?? []} />
            </Section>
            <Section title={alertTexts.figures}>
              <Figures of={data} />
            </Section>
            <Section title={alertTexts.body}>
              <p className="text-soft text-xs">{alertTexts.bodyWhy}</p>
              <Copy label={alertTexts.text} text={pretty(data.body) ?? data.body} />
            </Section>
          </>
        )}
      </Shown>
    </Page>
  );
}

function Verdict({ of: { verdict } }: { of: Received }) {
  if (!verdict) {
    return (
      <p>
        <VerdictBadge kind={null} /> {alertsTexts.undecidedWhy}
      </p>
    );
  }
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <VerdictBadge kind={verdict.kind} />
        {alertsTexts.kindWhy[verdict.kind] ?? null}
        <Age at={verdict.at} />
      </p>
      {verdict.reason ? <Why code={verdict.reason} detail={verdict.detail} fields={verdict.fields} /> : verdict.detail ? <p className="card">{inOurWords(verdict.detail)}</p> : null}
      {verdict.limit ? <Limit of={verdict.limit} /> : null}
      {verdict.out_of_order ? <p className="text-warn">{alertTexts.outOfOrder}</p> : null}
    </>
  );
}

function Figures({ of }: { of: Received }) {
  const accounts = useAccounts().data?.items ?? [];
  const told = alertTexts.figure;
  const { signal } = of;
  const rows: [string, ReactNode, boolean?][] = [
    [told.received, <Moment at={of.received_at} />],
    [told.account, <For of={accountOf(of, accounts)} />],
    [told.mode, of.verdict?.mode ? <ModeBadge mode={of.verdict.mode} /> : texts.none],
    [told.source, <Source of={of} />],
    [told.timeframe, signal?.timeframe ?? texts.none],
    [told.price, <Value of={signal?.price} />, signal?.price != null],
    [told.raised, <Moment at={signal?.raised_at} />, signal?.raised_at != null],
    [told.repeats, alertTexts.repeatsWhy(of.repeats), of.repeats > 0],
    [told.token, <code className="text-xs break-all">{of.token_id}</code>],
    [told.trace, <code className="text-xs break-all">{of.trace}</code>],
    [told.id, <code className="text-xs break-all">{of.id}</code>],
  ];
  return <Facts of={rows.filter(([, , isShown = true]) => isShown).map(([name, value]) => [name, value])} />;
}

function Source({ of }: { of: Received }) {
  if (of.by_hand) return alertTexts.byHand(of.source_ip);
  if (!of.source_ip) return alertTexts.noAddress;
  if (of.from_tradingview === null) return of.source_ip;
  return `${of.source_ip} (${of.from_tradingview ? alertTexts.tradingView : alertTexts.notTradingView})`;
}
