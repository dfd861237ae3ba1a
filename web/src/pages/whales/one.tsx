import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useRead } from "@/api/hooks";
import { texts as common } from "@/texts/common";
import { whale as texts, whales as listTexts } from "@/texts/whales";
import { Moment, ReadAt } from "@/ui/age";
import { Facts, Page, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { Profit, Value } from "@/ui/value";
import { categoryText, type End, withoutAddress, type WhaleAlert as Alert } from "./side";
import { blockchainText, reasonsText, Sentiment, typeText, WhaleStatus } from "./words";

const told = texts.facts;

/** All that is known of one alert. */
export function WhaleAlert() {
  const id = useParams({ strict: false }).id ?? "";
  const asked = { params: { path: { id } } };
  const alert = useRead("/api/v1/whale-alerts/{id}", asked);
  // What is final and measured stays as it is, and is not asked about again.
  useRead("/api/v1/whale-alerts/{id}", asked, { poll: 30, enabled: alert.data !== undefined && mayChange(alert.data) });
  const title = alert.data ? texts.title(typeText(alert.data.transaction_type), alert.data.currency) : listTexts.title;
  return (
    <Page title={title} about={<ReadAt at={alert.dataUpdatedAt} failed={alert.isError} />}>
      <Shown of={alert}>
        {(data) => (
          <>
            <Section title={texts.transfer}>
              <Facts of={transfer(data)} />
            </Section>
            {data.price_before === null ? null : (
              <Section title={texts.impact}>
                <Facts of={impact(data)} />
              </Section>
            )}
            {(["from", "to"] as const).map((end) => (
              <Section key={end} title={told[end]}>
                <Facts of={side(data, end)} />
              </Section>
            ))}
            <Section title={texts.onChain}>
              <Facts of={onChain(data)} />
            </Section>
          </>
        )}
      </Shown>
    </Page>
  );
}

const code = (text: string) => <code className="text-xs break-all">{text}</code>;

const transfer = (of: Alert): [string, ReactNode][] => [
  [told.type, <span key="type" title={listTexts.typesWhy[of.transaction_type]}>{typeText(of.transaction_type)}</span>],
  [told.amount, <Value key="amount" of={of.amount} unit={of.currency} />],
  [told.usd, <Value key="usd" of={of.amount_usd} unit={listTexts.usd} />],
  [told.sentiment, <Sentiment key="sentiment" of={of.sentiment} />],
  [told.score, of.significance_score],
  [told.reasons, reasonsText(of) || common.none],
  [told.others, of.others],
  [told.detected, <Moment key="detected" at={of.detected_at} />],
  [told.sources, of.sources.join(", ") || common.none],
  [told.id, code(of.id)],
];

const impact = (of: Alert): [string, ReactNode][] => [
  [told.before, <Value key="before" of={of.price_before} unit="USDT" />],
  [told.afterHour, <After key="hour" of={of.impact.after_1h} missing={missing(of, 1)} />],
  [told.afterDay, <After key="day" of={of.impact.after_24h} missing={missing(of, 24)} />],
];

const HOUR = 3_600_000;
/** So long the server tries to measure what was due. */
const TRIED = 24;
const hoursSince = (of: Alert) => (Date.now() - Date.parse(of.timestamp)) / HOUR;

function mayChange(of: Alert): boolean {
  const isMeasured = of.price_before === null || of.impact.after_24h !== null;
  return of.status !== "final" || (!isMeasured && hoursSince(of) < 24 + TRIED);
}

function missing(of: Alert, hours: number): string {
  if (of.status === "orphaned") return texts.notStanding;
  return hoursSince(of) < hours + TRIED ? texts.notYet : texts.notMeasured;
}

/** What the price has done, and what it usually does. */
function After({ of, missing }: { of: Alert["impact"]["after_1h"]; missing: string }) {
  if (!of) return <span className="text-soft">{missing}</span>;
  const base = of.base_rate;
  return (
    <span>
      <Value of={of.price} unit="USDT" />, <Profit of={of.change_percent} unit="%" />
      {base ? <span className="text-soft text-xs"> {texts.usually(base.low_percent, base.high_percent, base.days)}</span> : null}
    </span>
  );
}

function side(of: Alert, end: End): [string, ReactNode][] {
  const { label, address, category } = of[end];
  return [
    [told.owner, label ?? (address === null ? withoutAddress(of, end) : listTexts.noOwner)],
    [told.category, categoryText(category) ?? common.none],
    [told.address, address === null ? common.none : code(address)],
  ];
}

const onChain = (of: Alert): [string, ReactNode][] => [
  [told.blockchain, blockchainText(of.blockchain)],
  [told.transaction, code(of.transaction_hash)],
  [told.block, of.block_number ?? told.noBlock],
  [told.timestamp, <Moment key="timestamp" at={of.timestamp} />],
  [told.status, <WhaleStatus key="status" of={of.status} />],
  [told.confirmations, <span key="confirmations">{of.confirmations} <span className="text-soft text-xs">{told.confirmationsWhy}</span></span>],
  [told.revoked, <Moment key="revoked" at={of.revoked_at} />],
];
