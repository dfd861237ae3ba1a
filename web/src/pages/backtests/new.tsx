export function NewBacktest() {
  return null;
}
