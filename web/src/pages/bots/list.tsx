export function Bots() {
  return null;
}
