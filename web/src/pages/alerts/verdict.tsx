import type { Schemas } from "@/api/client";
import { alerts as alertsTexts } from "@/texts/alerts";
import { Badge, type Tone } from "@/ui/badge";

type Kind = Schemas["VerdictKind"];

const TONES: Record<Kind, Tone> = {
  accepted: "good",
  queued: "note",
  ignored: "plain",
  stale: "warn",
  expired: "warn",
  conflict: "warn",
  refused: "bad",
  rejected: "bad",
  parked: "bad",
};

/** What became of an alert, by word and colour; null until it is decided. */
export function VerdictBadge({ kind }: { kind: Kind | null | undefined }) {
  if (!kind) return <Badge title={alertsTexts.undecidedWhy}>{alertsTexts.undecided}</Badge>;
  return (
    <Badge tone={TONES[kind] ?? "plain"} title={alertsTexts.kindWhy[kind]}>
      {alertsTexts.kind[kind] ?? kind}
    </Badge>
  );
}
