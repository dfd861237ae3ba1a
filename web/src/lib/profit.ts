import type { Schemas } from "@/api/client";

type Apart = Pick<Schemas["TotalProfit"], "mode" | "exchange" | "asset">;

/** Sums of different modes, exchanges or currencies are never added up. */
export const keyOf = ({ mode, exchange, asset }: Apart): string => `${mode ?? "-"}.${exchange}.${asset}`;
