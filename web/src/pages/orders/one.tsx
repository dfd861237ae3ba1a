export function Order() {
  return null;
}
