export function Backtest() {
  return null;
}
