import type { ReactNode } from "react";
import { ago, corrected, freshness, moment, PRICE_STALE, useNow } from "@/lib/time";
import { texts } from "@/texts/common";

/** How old something is; the moment itself stands in the title. */
export function Age({ at, suffix }: { at: string | null | undefined; suffix?: string }) {
  const now = useNow();
  if (!at) return <span className="text-soft">{texts.never}</span>;
  const age = Math.max(0, now - Date.parse(at));
  return (
    <time dateTime={at} title={moment(at)} className="text-soft whitespace-nowrap">
      {ago(age)}
      {suffix ? ` ${suffix}` : null}
    </time>
  );
}

/** A moment in the zone of the reader. */
export function Moment({ at }: { at: string | null | undefined }) {
  if (!at) return <span className="text-soft">{texts.none}</span>;
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {moment(at)}
    </time>
  );
}

export function useIsStale(at: string | null | undefined, max = PRICE_STALE): boolean {
  const now = useNow();
  return !at || now - Date.parse(at) > max;
}

/** A number with the source and the age of the price that it follows from; greyed once that is stale. */
export function Priced({ at, source, children }: { at: string | null | undefined; source: string; children: ReactNode }) {
  const stale = useIsStale(at);
  return (
    <span className={stale ? "stale" : undefined}>
      {children}{" "}
      <span className="text-soft text-xs font-normal whitespace-nowrap">
        {source}, <Age at={at} />
        {stale ? ` · ${texts.stale}` : null}
      </span>
    </span>
  );
}

const DOTS = { fresh: "text-good", late: "text-warn", stale: "text-bad" } as const;

/** Of a feed: fresh, late or stale, by word and colour. */
export function Feed({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="text-soft">{texts.never}</span>;
  const state = freshness(now - Date.parse(at));
  return (
    <span>
      <span className={`font-medium ${DOTS[state]}`}>
        <span aria-hidden="true">● </span>
        {texts.feed[state]}
      </span>{" "}
      <Age at={at} />
    </span>
  );
}

/** When a page has been read by this browser's clock, and from where; said once for all that stands below. */
export function ReadAt({ at, failed, source = texts.source.api }: { at: number; failed?: boolean; source?: string }) {
  const now = useNow();
  if (!at) return null;
  const age = Math.max(0, now - corrected(at));
  return (
    <p className={`text-xs ${failed ? "text-warn" : "text-soft"}`}>
      {texts.source.read(source, ago(age))}
      {failed ? ` · ${texts.source.failing}` : null}
    </p>
  );
}
