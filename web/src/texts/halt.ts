import { plural } from "./common";

export const halt = {
  halt: "Halt",
  haltAll: "Halt all entries",
  haltTitle: "Halt entries",
  haltPreview: (accounts: number) =>
    `New entries of ${plural(accounts, "account", "accounts")} are refused from now on, and entry orders that wait are cancelled. Open positions keep their take-profits and stops.`,
  haltOne: "New entries of this account are refused from now on, and entry orders that wait are cancelled. Open positions keep their take-profits and stops.",
  changed: "What would be resumed has changed since it was shown. Look at it again.",
  resume: "Resume",
  resumeTitle: "Resume entries",
  resumePreview: "New entries are accepted again. Orders that were cancelled stay cancelled.",
  wouldStart: (count: number) => `${plural(count, "entry order", "entry orders")} that wait would be sent again:`,
  nothingStarts: "No order would be sent at once.",
  halted: (reason: string) => `Entries are halted: ${reason}`,
  haltedBecause: (reason: string) => `is halted: ${reason}`,
  system: "The whole deployment is halted: no entry of any user is accepted.",
  suspended: "The account belongs to a user who is suspended.",
} as const;
