export function Bot() {
  return null;
}
