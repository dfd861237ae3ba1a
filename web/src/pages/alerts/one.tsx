export function Alert() {
  return null;
}
