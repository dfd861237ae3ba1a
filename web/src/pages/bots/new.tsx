export function NewBot() {
  return null;
}
