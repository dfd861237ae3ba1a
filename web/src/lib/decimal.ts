// Amounts and prices are decimal texts, and stay so: no digit of them passes through a double.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

interface Parts {
  negative: boolean;
  /** All digits, without a point. */
  digits: bigint;
  /** How many of them are behind the point. */
  scale: number;
}

function parse(text: string): Parts | null {
  const found = DECIMAL.exec(text);
  if (!found) return null;
  const fraction = found[3] ?? "";
  return { negative: found[1] === "-", digits: BigInt(`${found[2]}${fraction}`), scale: fraction.length };
}

function signed({ negative, digits }: Parts, scale: number, own: number): bigint {
  const value = digits * 10n ** BigInt(scale - own);
  return negative ? -value : value;
}

function write(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  const text = fraction ? `${whole}.${fraction}` : whole;
  return negative && text !== "0" ? `-${text}` : text;
}

function both(one: string, other: string): [bigint, bigint, number] | null {
  const [a, b] = [parse(one), parse(other)];
  if (!a || !b) return null;
  const scale = Math.max(a.scale, b.scale);
  return [signed(a, scale, a.scale), signed(b, scale, b.scale), scale];
}

/** Null where one of them is no decimal. */
export function add(one: string, other: string): string | null {
  const values = both(one, other);
  return values && write(values[0] + values[1], values[2]);
}

export function subtract(one: string, other: string): string | null {
  const values = both(one, other);
  return values && write(values[0] - values[1], values[2]);
}

export function multiply(one: string, other: string): string | null {
  const [a, b] = [parse(one), parse(other)];
  if (!a || !b) return null;
  return write(signed(a, a.scale, a.scale) * signed(b, b.scale, b.scale), a.scale + b.scale);
}

const QUOTIENT_SCALE = 18;

/** Eighteen digits behind the point, and what is behind them is cut off; null as well where the second is 0. */
export function divide(one: string, other: string): string | null {
  const values = both(one, other);
  return values && values[1] !== 0n ? write((values[0] * 10n ** BigInt(QUOTIENT_SCALE)) / values[1], QUOTIENT_SCALE) : null;
}

/** Below 0, 0 or above 0; what is no decimal comes last. */
export function compare(one: string | null | undefined, other: string | null | undefined): number {
  const values = one != null && other != null ? both(one, other) : null;
  if (values) return values[0] < values[1] ? -1 : values[0] > values[1] ? 1 : 0;
  return (one != null && parse(one) ? 0 : 1) - (other != null && parse(other) ? 0 : 1);
}

export function isNegative(text: string | null | undefined): boolean {
  return text != null && compare(text, "0") < 0;
}

export function isZero(text: string): boolean {
  return compare(text, "0") === 0;
}

/** With thousands apart, and every digit that it has: `-12345.60` is `−12,345.6`. */
export function grouped(text: string): string {
  const parts = parse(text);
  if (!parts) return text;
  const [whole = "", fraction] = write(signed(parts, parts.scale, parts.scale), parts.scale).replace("-", "").split(".");
  const negative = isNegative(text) ? "−" : "";
  const apart = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction ? `${negative}${apart}.${fraction}` : `${negative}${apart}`;
}

/** The same with a sign before gains, too. */
export function withSign(text: string): string {
  return compare(text, "0") > 0 ? `+${grouped(text)}` : grouped(text);
}

const SHOWN_MAX = 8;
const DIGITS_MIN = 6;

/** At most eight digits behind the point, or six that say something; what is cut off is marked, and never rounded up. */
export function shortened(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  const shown = Math.max(SHOWN_MAX, fraction.search(/[^0]/) + DIGITS_MIN);
  return fraction.length > shown ? `${whole}.${fraction.slice(0, shown)}…` : text;
}
