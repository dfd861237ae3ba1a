import type { Schemas } from "@/api/client";
import { once as onceTexts } from "@/texts/tokens";
import { Copy } from "@/ui/copy";
import { Once } from "./once";
import { TradingView } from "./tradingview";

/** The webhook URL of a token, once, with the text that belongs into TradingView. */
export function TokenSecret({ of, onClose }: { of: Schemas["CreatedWebhookToken"]; onClose: () => void }) {
  return (
    <Once title={of.label ?? of.id} onClose={onClose}>
      {of.webhook_url ? (
        <Copy text={of.webhook_url} label={onceTexts.url} />
      ) : (
        <>
          <Copy text={of.webhook_path} label={onceTexts.path} />
          <p className="text-soft text-xs">{onceTexts.pathWhy}</p>
        </>
      )}
      <Copy text={of.secret} label={onceTexts.secret} />
      <p className="text-soft text-xs">{onceTexts.secretWhy}</p>
      <TradingView exchange={of.exchange} presets={of.presets} />
    </Once>
  );
}
