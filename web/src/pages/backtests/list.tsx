export function Backtests() {
  return null;
}
