import type { Schemas } from "@/api/client";
import { atStop } from "@/lib/position";
import { texts as common } from "@/texts/common";
import { position as texts } from "@/texts/positions";
import { Priced } from "@/ui/age";
import { Profit, quoteOf, Value } from "@/ui/value";
import { type ExitPrice, isMet, profitPrices, stopPrices } from "./prices";

type Detail = Schemas["PositionDetail"];

/** At which prices changed exits would stand, beside the last price; `stop` and `profits` in percent, as far as they are changed. */
export function Foreseen({ of, stop, profits }: { of: Detail; stop: string | null; profits: string[] }) {
  const unit = quoteOf(of.symbol);
  const stops = stop === null ? [] : stopPrices(of, stop);
  const targets = profitPrices(of, profits);
  const last = of.mark?.price;
  if (stops.length + targets.length === 0) return null;
  return (
    <div className="space-y-1" aria-live="polite">
      {last ? (
        <p>
          {texts.figures.price}: <Priced at={of.mark?.at} source={common.source.price}><Value of={last} unit={unit} /></Priced>
        </p>
      ) : null}
      {[...stops, ...targets].map((exit) => (
        <div key={`${exit.step} ${exit.pyramid} ${exit.leg}`}>
          {exitName(exit)}: {texts.about} <Value of={exit.price} unit={unit} />
          {last && isMet(of, exit, last) ? <p className="text-bad">{exit.step > 0 ? texts.sellsAtOnce : texts.stopsAtOnce}</p> : null}
        </div>
      ))}
      {stops.length === 1 && of.stop_price !== null ? (
        <p>
          {texts.figures.atStop}: <Profit of={atStop({ ...of, stop_price: stops[0]?.price ?? null })} unit={unit} />
        </p>
      ) : null}
      <p className="text-soft text-xs">{texts.aboutWhy}</p>
    </div>
  );
}

function exitName({ step, leg, pyramid }: ExitPrice): string {
  const named = step === 0 ? texts.level.stop : texts.level.takeProfit(step, leg);
  return pyramid > 0 ? `${named} (${texts.level.pyramid(pyramid)})` : named;
}

/** What the form has no field for, and keeps. */
export function Stays({ of }: { of: Detail }) {
  const { basis, trailing_percent, all_profit_percent } = of.take_profit;
  const told = texts.stays;
  const kept = [
    trailing_percent && told.trailing(trailing_percent),
    all_profit_percent && told.all(all_profit_percent),
    basis && told.profitBasis[basis],
    of.stop_loss_basis && told.stopBasis[of.stop_loss_basis],
    of.stop_loss_trailing && told.stopTrails,
    of.stop_loss_delay_seconds && told.delay(of.stop_loss_delay_seconds),
    of.break_even_after_step && told.breakEven(of.break_even_after_step),
    of.minimum_profit_percent && told.minimum(of.minimum_profit_percent),
  ].filter((text) => typeof text === "string");
  return kept.length > 0 ? <p className="text-soft">{told.as(kept.join(", "))}</p> : null;
}
