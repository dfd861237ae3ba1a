import { grouped, isNegative, isZero, shortened, withSign } from "@/lib/decimal";
import { texts } from "@/texts/common";

/** An amount or price; a dash where there is none. All its digits stand in the title. */
export function Value({ of, unit }: { of: string | null | undefined; unit?: string }) {
  if (of == null) return <span className="text-soft">{texts.none}</span>;
  return (
    <span className="number whitespace-nowrap" title={of} data-value={of}>
      {shortened(grouped(of))}
      {unit ? <span className="text-soft"> {unit}</span> : null}
    </span>
  );
}

/** A profit or loss: signed, and coloured besides. */
export function Profit({ of, unit }: { of: string | null | undefined; unit?: string }) {
  if (of == null) return <span className="text-soft">{texts.none}</span>;
  const tone = isZero(of) ? "" : isNegative(of) ? "text-bad" : "text-good";
  return (
    <span className={`number whitespace-nowrap ${tone}`} title={of} data-value={of}>
      {shortened(withSign(of))}
      {unit ? <span className="text-soft"> {unit}</span> : null}
    </span>
  );
}

/** The currency that a market is paid in: `BTC/USDT` is paid in `USDT`. */
export function quoteOf(symbol: string): string {
  return symbol.split("/")[1]?.split(":")[0] ?? "";
}

export function baseOf(symbol: string): string {
  return symbol.split("/")[0] ?? "";
}
