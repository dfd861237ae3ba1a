import type { ReactNode } from "react";
import { texts } from "@/texts/common";

export type Tone = "good" | "bad" | "warn" | "note" | "plain";

const TONES: Record<Tone, string> = {
  good: "text-good border-current",
  bad: "text-bad bg-bad-fill border-current",
  warn: "text-warn bg-warn-fill border-current",
  note: "text-note bg-note-fill border-current",
  plain: "text-soft border-line",
};

export function Badge({ tone = "plain", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span title={title} className={`inline-flex items-center rounded border px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  );
}

export type Mode = "paper" | "testnet" | "live";

const MODES: Record<Mode, string> = {
  paper: "border-dashed border-note text-note bg-note-fill",
  testnet: "border-dotted border-2 border-warn text-warn bg-warn-fill",
  live: "border-bad bg-bad text-page",
};

/** Told by word, colour and border, so that paper is not taken for live. */
export function ModeBadge({ mode }: { mode: Mode | null | undefined }) {
  if (!mode) return <Badge title={texts.mode.unknownWhy}>{texts.mode.unknown}</Badge>;
  return (
    <span className={`inline-flex rounded border px-1.5 py-0.5 text-xs font-bold tracking-wide uppercase ${MODES[mode]}`} title={texts.mode.why[mode]}>
      {texts.mode[mode]}
    </span>
  );
}
