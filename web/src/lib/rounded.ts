const DIGITS = 8;
const DECIMALS_MIN = 2;
const DECIMAL = /^(-?)(\d+)\.(\d+)$/;

/** To eight digits from the first that is not 0, and at least two decimals; what is shorter stays as it is. */
export function rounded(text: string): string {
  const found = DECIMAL.exec(text);
  const [, sign = "", whole = "", fraction = ""] = found ?? [];
  const zeros = /^0*$/.test(whole) ? (/^0*/.exec(fraction)?.[0].length ?? 0) : -whole.length;
  const decimals = Math.max(DECIMALS_MIN, DIGITS + zeros);
  if (!found || fraction.length <= decimals) return text;
  const kept = BigInt(whole + fraction.slice(0, decimals)) + (Number(fraction[decimals]) >= 5 ? 1n : 0n);
  const digits = kept.toString().padStart(decimals + 1, "0");
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
