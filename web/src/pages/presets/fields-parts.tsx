import type { ReactNode } from "react";
import { edit as editTexts } from "@/texts/presets";

/** Two fields beside each other where there is room. */
export function Two({ children }: { children: ReactNode }) {
  return <div className="grid gap-3 sm:grid-cols-2">{children}</div>;
}

/** The choices of a `<select>` from their texts, narrowed to one of them. */
export function choices<Choice extends string>(told: Readonly<Record<Choice, string>>) {
  const names = Object.keys(told) as Choice[];
  return { options: names.map((value) => ({ value, text: told[value] })), pick: (value: string): Choice | undefined => names.find((name) => name === value) };
}

/** Said, not said, or said to be off. */
export const FLAGS = choices(editTexts.flags);
