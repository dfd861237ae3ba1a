export function Preset() {
  return null;
}
