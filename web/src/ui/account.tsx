import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { texts } from "@/texts/common";
import { ModeBadge } from "./badge";

type Account = Pick<Schemas["Account"], "label" | "exchange" | "mode">;

/** The reader's accounts, asked for once a minute by all that name one: another device may make one live. */
export function useAccounts(enabled = true) {
  return useRead("/api/v1/accounts", { params: { query: { limit: 200 } } }, { poll: 60, enabled });
}

/** An account where only text can stand: in a choice, a sentence, a file. */
export const accountText = ({ label, exchange, mode }: Account): string => `${label} · ${exchange} · ${mode ? texts.mode[mode] : texts.mode.unknown}`;

/** Names accounts by their ids as text; the same function until one of them changes. */
export function useAccountTexts(): (id: string) => string {
  const items = useAccounts().data?.items;
  return useCallback(
    (id) => {
      const found = items?.find((each) => each.id === id);
      return found ? accountText(found) : id;
    },
    [items],
  );
}

interface AccountNameProps {
  /** Its id, and what is known of it already: a position's own mode is the one that it trades in. */
  of: { id: string } & Partial<Account>;
  link?: boolean;
}

/** An account as every page names it: labels repeat over exchanges, and paper must not look like live. */
export function AccountName({ of, link }: AccountNameProps) {
  const { id } = of;
  const accounts = useAccounts(of.label === undefined || of.mode === undefined);
  const { label = id, exchange, mode } = { ...accounts.data?.items.find((each) => each.id === id), ...of };
  const name = [label, exchange].filter(Boolean).join(" · ");
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {link ? (
        <Link to="/accounts/$id" params={{ id }}>
          {name}
        </Link>
      ) : (
        name
      )}{" "}
      {mode === undefined ? null : <ModeBadge mode={mode} />}
    </span>
  );
}
