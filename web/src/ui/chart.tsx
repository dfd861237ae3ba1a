import { lazy, Suspense } from "react";
import { Loading } from "./states";

export interface ChartCandle {
  /** Milliseconds since 1970. */
  at: number;
  open: string;
  high: string;
  low: string;
  close: string;
}

export type Ink = "good" | "bad" | "warn" | "note" | "soft" | "brand";

/** A price across the whole chart. */
export interface Level {
  price: string;
  title: string;
  ink: Ink;
  dashed?: boolean;
}

export interface Mark {
  at: number;
  text: string;
  ink: Ink;
  above: boolean;
  /** A circle, and no arrow. */
  round?: boolean;
  /** 1 if it is as large as others. */
  size?: number;
}

/** A curve over the candles (`pane` 0) or in a pane of its own. */
export interface Curve {
  title: string;
  ink: Ink;
  pane?: number;
  points: { at: number; value: number | null }[];
}

export interface ChartProps {
  /** What the picture shows, for readers who do not see it. */
  label: string;
  candles?: ChartCandle[];
  /** From one candle to the next, in milliseconds: where some are missing, room is left for them. */
  every?: number;
  levels?: Level[];
  marks?: Mark[];
  curves?: Curve[];
  height?: number;
}

const Canvas = lazy(() => import("./canvas"));

/** Candles, levels, fills and curves. Drawn with doubles: what must be exact stands beside it as text. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Loading />}>
      <Canvas {...props} />
    </Suspense>
  );
}
