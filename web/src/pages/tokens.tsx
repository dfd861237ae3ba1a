import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { chart as chartTexts, tokens as tokensTexts } from "@/texts/tokens";
import { Age, Moment, ReadAt, useIsStale } from "@/ui/age";
import { Effect } from "@/ui/effect";
import { List } from "@/ui/list";
import { Page, Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { TokenForm } from "./tokens/form";
import { handOver } from "./tokens/once";
import { Reached } from "./tokens/reached";
import { Begins, Rotate } from "./tokens/rotate";
import { TokenSecret } from "./tokens/secret";
import { TradingView } from "./tokens/tradingview";
import { may, type Token } from "./tokens/words";

type Created = Schemas["CreatedWebhookToken"];

const told = tokensTexts.columns;
const COLUMNS: Column<Token>[] = [
  { id: "label", title: told.label, value: (token) => token.label, cell: (token) => token.label ?? <span className="text-soft">{tokensTexts.unlabelled}</span> },
  { id: "hint", title: told.hint, value: (token) => token.hint, cell: (token) => <Begins with={token.hint} former={token.former_until} /> },
  { id: "may", title: told.may, value: may, cell: (token) => <div className="min-w-56">{may(token)}<Reached by={token} /></div> },
  { id: "used", title: told.used, value: (token) => token.last_used_at, cell: (token) => <Age at={token.last_used_at} /> },
  { id: "expires", title: told.expires, value: (token) => token.expires_at, cell: (token) => <Ends at={token.expires_at} /> },
  { id: "created", title: told.created, value: (token) => token.created_at, hidden: true, cell: (token) => <Moment at={token.created_at} /> },
  { id: "id", title: told.id, value: (token) => token.id, hidden: true, cell: (token) => <code className="text-xs">{token.id}</code> },
];

export function WebhookTokens() {
  const [search] = useFilters();
  const mayChange = useMay("accounts:write");
  const tokens = useList("/api/v1/webhook-tokens", {}, { poll: 30 });
  const [secret, setSecret] = useState<Created | null>(null);
  const columns = useMemo<Column<Token>[]>(
    () => (mayChange ? [...COLUMNS, { id: "actions", title: told.actions, value: () => null, cell: (token) => <Actions of={token} onSecret={setSecret} /> }] : COLUMNS),
    [mayChange],
  );
  const edited = tokens.rows.find((token) => token.id === search.edit);
  if (mayChange && search.create) return <TokenForm of={null} onSecret={setSecret} />;
  if (mayChange && edited) return <TokenForm key={edited.id} of={edited} onSecret={setSecret} />;
  return (
    <Page title={tokensTexts.title} about={<ReadAt at={tokens.dataUpdatedAt} failed={tokens.isError} />} actions={mayChange ? <Create /> : null}>
      <p className="text-soft">{tokensTexts.why}</p>
      <List of={tokens} id="tokens" caption={tokensTexts.caption} columns={columns} rowKey={(token) => token.id} empty={<Empty title={tokensTexts.empty}>{tokensTexts.emptyNext}</Empty>} />
      <Section title={chartTexts.title}>
        <div className="card max-w-4xl">
          <TradingView />
        </div>
      </Section>
      {secret ? <TokenSecret of={secret} onClose={() => setSecret(null)} /> : null}
    </Page>
  );
}

function Create() {
  return (
    <Link to="/webhook-tokens" search={{ create: "1" }} className="button button-main">
      {tokensTexts.create}
    </Link>
  );
}

function Ends({ at }: { at: string | null }) {
  const over = useIsStale(at, 0);
  if (!at) return <span className="text-soft">{tokensTexts.neverExpires}</span>;
  return over ? <span className="text-warn">{tokensTexts.expired}</span> : <Moment at={at} />;
}

function Actions({ of, onSecret }: { of: Token; onSecret: (told: Created) => void }) {
  const path = { id: of.id };
  return (
    <div className="flex gap-2">
      <Link to="/webhook-tokens" search={{ edit: of.id }} className="button min-h-8">
        {tokensTexts.edit}
      </Link>
      <Rotate
        version={of.version}
        preview={tokensTexts.rotatePreview}
        act={({ key, version }, overlap) =>
          handOver(api.POST("/api/v1/webhook-tokens/{id}/rotate", { body: { overlap_seconds: overlap }, params: { path, header: { ...ifMatch(version), "Idempotency-Key": key } } }), onSecret)
        }
      />
      <Effect
        verb={tokensTexts.revoke}
        title={tokensTexts.revokeTitle}
        danger
        typed={of.label ?? undefined}
        preview={
          <>
            <p className="font-medium">{may(of)}</p>
            <Reached by={of} />
            <p>{tokensTexts.revokePreview}</p>
          </>
        }
        version={of.version}
        act={({ version }) => api.DELETE("/api/v1/webhook-tokens/{id}", { params: { path, header: ifMatch(version) } })}
      />
    </div>
  );
}
