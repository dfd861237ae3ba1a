import type { Schemas } from "@/api/client";
import { position as texts, positions as listTexts } from "@/texts/positions";
import { inOurWords } from "./words";

/** Steps that the orders beside it tell already. */
const ORDERS_TELL = ["", "submitting", "accepted", "take-profit", "safety orders", "fills", "settled"];

/** What one change did to a position, in words; empty where the orders tell it. */
export function changeOf({ why, before, after }: Pick<Schemas["HistoryEntry"], "why" | "before" | "after">): string {
  // Parts of a reason that its user has not given are empty.
  const words = inOurWords(why).split(/[,;] /).map((word) => word.replace(/[\s:;,]+$/, "").trim());
  const status = before && before !== after ? texts.timelineStatus(listTexts.status[before], listTexts.status[after]) : "";
  return [...words.filter((word) => !ORDERS_TELL.includes(word)), status].filter(Boolean).join("; ");
}
