import { whales as texts } from "@/texts/whales";
import { Badge, type Tone } from "@/ui/badge";
import type { WhaleAlert } from "./side";

// A newer deployment may have words that this page does not know: they are shown as they are.
export const typeText = (type: WhaleAlert["transaction_type"]): string => texts.types[type] ?? type;
export const blockchainText = (blockchain: WhaleAlert["blockchain"]): string => texts.blockchains[blockchain] ?? blockchain;
export const reasonsText = ({ score_reasons: reasons }: WhaleAlert): string => reasons.map((reason) => texts.reasons[reason] ?? reason).join(", ");

const SENTIMENTS: Record<WhaleAlert["sentiment"], Tone> = { bearish: "bad", neutral: "plain", bullish: "good" };
const STATUS: Record<WhaleAlert["status"], Tone> = { provisional: "note", final: "good", orphaned: "bad" };

export function Sentiment({ of }: { of: WhaleAlert["sentiment"] }) {
  return <Badge tone={SENTIMENTS[of]}>{texts.sentiments[of] ?? of}</Badge>;
}

export function WhaleStatus({ of }: { of: WhaleAlert["status"] }) {
  return (
    <Badge tone={STATUS[of]} title={texts.statusWhy[of]}>
      {texts.status[of] ?? of}
    </Badge>
  );
}
