import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { texts } from "@/texts/common";
import { keys as keysTexts } from "@/texts/keys";
import { useAccountTexts } from "@/ui/account";
import { Age, Moment, ReadAt, useIsStale } from "@/ui/age";
import { Copy } from "@/ui/copy";
import { Effect } from "@/ui/effect";
import { List } from "@/ui/list";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { KeyForm } from "./keys/form";
import { type ApiKey, bounds, lost, meaning } from "./keys/words";
import { handOver, Once } from "./tokens/once";
import { Begins, Rotate } from "./tokens/rotate";

type Created = Schemas["CreatedApiKey"];

const told = keysTexts.columns;
const columnsOf = (named: (id: string) => string, onSecret: (told: Created) => void): Column<ApiKey>[] => [
  { id: "name", title: told.name, value: (key) => key.name },
  { id: "prefix", title: told.prefix, value: (key) => key.prefix, cell: (key) => <Begins with={key.prefix} former={key.former_until} /> },
  { id: "scopes", title: told.scopes, value: (key) => key.scopes.join(" "), cell: (key) => <Scopes of={key} /> },
  { id: "networks", title: told.networks, value: (key) => key.ip_allow_list.join(" ") || keysTexts.anyNetwork },
  { id: "orders", title: told.orders, value: (key) => (key.orders ? bounds(key.orders, named) : null), cell: (key) => (key.orders ? <p className="min-w-48">{bounds(key.orders, named)}</p> : texts.none) },
  { id: "used", title: told.used, value: (key) => key.last_used_at, cell: (key) => <Age at={key.last_used_at} /> },
  { id: "expires", title: told.expires, value: (key) => key.expires_at, cell: (key) => <Expires at={key.expires_at} /> },
  { id: "created", title: told.created, value: (key) => key.created_at, hidden: true, cell: (key) => <Moment at={key.created_at} /> },
  { id: "id", title: told.id, value: (key) => key.id, hidden: true, cell: (key) => <code className="text-xs">{key.id}</code> },
  { id: "actions", title: told.actions, value: () => null, cell: (key) => <Actions of={key} onSecret={onSecret} /> },
];

export function ApiKeys() {
  const [search] = useFilters();
  const keys = useList("/api/v1/api-keys", {}, { poll: 30 });
  const [secret, setSecret] = useState<Created | null>(null);
  const named = useAccountTexts();
  const columns = useMemo(() => columnsOf(named, setSecret), [named]);
  const edited = keys.rows.find((key) => key.id === search.edit);
  if (search.create) return <KeyForm of={null} onSecret={setSecret} />;
  if (edited) return <KeyForm key={edited.id} of={edited} onSecret={setSecret} />;
  const create = (
    <Link to="/api-keys" search={{ create: "1" }} className="button button-main">
      {keysTexts.create}
    </Link>
  );
  return (
    <Page title={keysTexts.title} about={<ReadAt at={keys.dataUpdatedAt} failed={keys.isError} />} actions={create}>
      <p className="text-soft">{keysTexts.why}</p>
      <List of={keys} id="api-keys" caption={keysTexts.caption} columns={columns} rowKey={(key) => key.id} empty={<Empty title={keysTexts.empty}>{keysTexts.emptyNext}</Empty>} />
      {secret ? (
        <Once title={secret.name} onClose={() => setSecret(null)}>
          <Copy text={secret.secret} label={keysTexts.secret} />
          <p className="text-soft text-xs">{keysTexts.secretWhy}</p>
        </Once>
      ) : null}
    </Page>
  );
}

function Scopes({ of }: { of: ApiKey }) {
  const gone = lost(of);
  return (
    <>
      <ul className="min-w-44">
        {of.effective_scopes.map((scope) => (
          <li key={scope} title={scope}>
            {meaning(scope)}
          </li>
        ))}
      </ul>
      {gone.length > 0 ? <p className="text-warn text-xs">{keysTexts.lost(gone.map(meaning).join("; "))}</p> : null}
    </>
  );
}

function Expires({ at }: { at: string }) {
  const over = useIsStale(at, 0);
  return over ? <span className="text-warn">{keysTexts.expired}</span> : <Moment at={at} />;
}

function Actions({ of, onSecret }: { of: ApiKey; onSecret: (told: Created) => void }) {
  const path = { id: of.id };
  return (
    <div className="flex gap-2">
      <Link to="/api-keys" search={{ edit: of.id }} className="button min-h-8">
        {texts.actions.edit}
      </Link>
      <Rotate
        version={of.version}
        preview={keysTexts.rotatePreview}
        act={({ key, version }, overlap) => handOver(api.POST("/api/v1/api-keys/{id}/rotate", { body: { overlap_seconds: overlap }, params: { path, header: { ...ifMatch(version), "Idempotency-Key": key } } }), onSecret)}
      />
      <Effect
        verb={keysTexts.revoke}
        title={keysTexts.revokeTitle}
        danger
        typed={of.name}
        preview={<p>{keysTexts.revokePreview}</p>}
        version={of.version}
        act={({ version }) => api.DELETE("/api/v1/api-keys/{id}", { params: { path, header: ifMatch(version) } })}
      />
    </div>
  );
}
