import { useState } from "react";
import type { Answer } from "@/api/client";
import { texts } from "@/texts/common";
import { tokens as tokensTexts } from "@/texts/tokens";
import { Moment, useIsStale } from "@/ui/age";
import { Effect, type Intent } from "@/ui/effect";
import { Select } from "@/ui/form";

const OVERLAPS = ["0", "3600", "86400", "604800"] as const;

/** How a secret begins, and until when the one before it is accepted. */
export function Begins({ with: hint, former }: { with: string | null; former: string | null }) {
  const over = useIsStale(former, 0);
  return (
    <>
      {hint ? <code className="text-xs">{hint}…</code> : texts.none}
      {former && !over ? (
        <p className="text-warn text-xs">
          {tokensTexts.former} <Moment at={former} />
        </p>
      ) : null}
    </>
  );
}

interface RotateProps {
  version: number;
  /** What the old secret opens until the overlap is over. */
  preview: string;
  act: (intent: Intent, overlapSeconds: number) => Promise<Answer<null>>;
}

/** Makes a new secret; the old one goes on for a time. */
export function Rotate({ version, preview, act }: RotateProps) {
  const [overlap, setOverlap] = useState<string>("86400");
  return (
    <Effect
      verb={tokensTexts.rotate}
      title={tokensTexts.rotateTitle}
      preview={
        <>
          <p>{preview}</p>
          <Select label={tokensTexts.overlap} value={overlap} onChange={setOverlap} options={OVERLAPS.map((value) => ({ value, text: tokensTexts.overlaps[value] }))} />
        </>
      }
      version={version}
      act={(intent) => act(intent, Number(overlap))}
    />
  );
}
