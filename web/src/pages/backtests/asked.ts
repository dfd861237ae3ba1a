import type { Schemas } from "@/api/client";
import { isObject } from "../bots/strategy/schema";
import type { BacktestDraft } from "./draft";

const KEY = "backtests.asked";
const MAX = 60;

interface Asked {
  id: string;
  draft: BacktestDraft;
}

function all(): Asked[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    // Written by `remember` alone.
    return Array.isArray(saved) ? (saved.filter((each) => isObject(each) && typeof each.id === "string" && isObject(each.draft)) as unknown as Asked[]) : [];
  } catch {
    return [];
  }
}

/** Remembers in this browser what was asked for: the API tells of a backtest its market and period, and no strategy or cost. */
export function remember({ id }: Schemas["Backtest"], draft: BacktestDraft): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([{ id, draft }, ...all().filter((each) => each.id !== id)].slice(0, MAX)));
  } catch {
    // The store of the browser is full or closed: the backtest itself has begun.
  }
}

/** What was asked for from this browser; null where it was another. */
export function askedOf(id: string | undefined): BacktestDraft | null {
  return all().find((each) => each.id === id)?.draft ?? null;
}
