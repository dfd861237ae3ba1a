export function Trades() {
  return null;
}
