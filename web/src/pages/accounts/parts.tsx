import { accounts as accountsTexts, faults } from "@/texts/accounts";
import { Badge, type Tone } from "@/ui/badge";
import { type Account, type Readiness, readiness } from "./words";

const TONES: Record<Readiness, Tone> = {
  suspended: "bad",
  halted: "warn",
  reducing: "warn",
  watched: "plain",
  unproven: "warn",
  fault: "bad",
  noKey: "warn",
  unvalidated: "warn",
  disabled: "note",
  differs: "bad",
  ready: "good",
};

/** Whether the account may open positions, or what is in the way. */
export function State({ of }: { of: Account }) {
  const state = readiness(of);
  return (
    <Badge tone={TONES[state]} title={accountsTexts.next[state]}>
      {accountsTexts.readiness[state]}
    </Badge>
  );
}

/** What the last check found wrong, with what to do about it; null if nothing. */
export function faultOf(account: Account): string | null {
  const fault = account.fault ?? account.address?.fault;
  return fault ? (faults[fault] ?? fault) : null;
}

export function connectionOf(account: Account): string {
  return account.class ? accountsTexts.class[account.class] : accountsTexts.chain;
}
