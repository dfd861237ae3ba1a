import { plural } from "./common";

export const halt = {
  halt: "Halt",
  haltAll: "Halt all entries",
  haltTitle: "Halt entries",
  haltPreview: "New entries of these accounts are refused from now on. Open positions keep their take-profits and stops.",
  cancelled: (count: number) => (count === 0 ? "No entry order waits." : `${plural(count, "entry order that waits is", "entry orders that wait are")} cancelled:`),
  cancelledOlder: "Entry orders that are older and wait are cancelled, too.",
  changed: "What would be resumed has changed since it was shown. Look at it again.",
  resume: "Resume",
  resumeTitle: "Resume entries",
  resumePreview: "New entries are accepted again. Orders that were cancelled stay cancelled.",
  wouldStart: (count: number) => `${plural(count, "entry order", "entry orders")} that wait would be sent again:`,
  nothingStarts: "No order would be sent at once.",
  halted: (reason: string) => `Entries are halted: ${reason}`,
  haltedBecause: (reason: string) => `is halted: ${reason}`,
  paused: (reason: string, until: string | null) => `No entry starts until ${until ?? "you resume entries"}: ${reason}`,
  pausedBecause: (reason: string, until: string | null) => `opens nothing until ${until ?? "you resume entries"}: ${reason}`,
  system: "The whole deployment is halted: no entry of any user is accepted.",
  suspended: "The account belongs to a user who is suspended.",
} as const;
