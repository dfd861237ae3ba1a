import { plural } from "./common";

/** What lists and reports of a time have in common. */
export const lists = {
  period: "Period",
  periods: { "7": "last 7 days", "30": "last 30 days", "90": "last 90 days", "365": "last 365 days", own: "choose days" },
  allTime: "all",
  since: "From day (UTC)",
  until: "To day (UTC)",
  account: "Account",
  symbol: "Market",
  csv: "All matching as CSV (times in UTC)",
  csvBusy: (rows: number) => `Fetching… ${plural(rows, "row", "rows")}`,
} as const;
