import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "theme";
const listeners = new Set<() => void>();
const system = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

export function chosen(): Theme {
  const saved = localStorage.getItem(KEY);
  return saved === "light" || saved === "dark" || saved === "system" ? saved : preferred;
}

function shown(): "light" | "dark" {
  const theme = chosen();
  return theme === "system" ? (system?.matches ? "dark" : "light") : theme;
}

function apply(): void {
  document.documentElement.dataset.theme = shown();
  for (const listener of listeners) listener();
}

export function choose(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  apply();
}

/** Of the user's settings; it holds where nothing was chosen in this browser. */
let preferred: Theme = "system";

export function follow(theme: Theme): void {
  preferred = theme;
  apply();
}

/** Before the first paint; follows the system where nothing was chosen. */
export function start(): void {
  apply();
  system?.addEventListener("change", apply);
}

/** The theme that is shown. */
export function useTheme(): "light" | "dark" {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shown);
}

/** What was chosen, with the system as a choice of its own. */
export function useChosenTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
}
