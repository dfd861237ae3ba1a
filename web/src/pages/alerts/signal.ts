import type { Schemas } from "@/api/client";
import { alerts as alertsTexts } from "@/texts/alerts";
import { lineage as lineageTexts } from "@/texts/orders";

type Signal = Schemas["ReceivedAlert"]["signal"];

/** What an alert asks for: `entry long`, `exit`. */
export const wanted = (of: Signal): string => (of ? [lineageTexts.wish[of.wish] ?? of.wish, of.side].filter(Boolean).join(" ") : alertsTexts.unread);

/** For which market; null where that cannot be read. */
export const marketOf = (of: Signal): string | null => of && `${of.symbol} · ${of.exchange}`;
