const HEAD = 8;
const TAIL = 6;

/** The beginning and the end of an address or a hash, where it would be too wide; both ends tell lookalikes apart. */
export function shortAddress(text: string): string {
  return text.length <= HEAD + TAIL + 1 ? text : `${text.slice(0, HEAD)}…${text.slice(-TAIL)}`;
}
