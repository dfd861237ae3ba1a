import { Link } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { grouped, isNegative } from "@/lib/decimal";
import { useMay } from "@/lib/session";
import { differences as differencesTexts } from "@/texts/attention";
import { AccountName } from "@/ui/account";
import { Age } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Effect } from "@/ui/effect";
import { Section } from "@/ui/page";
import { Empty, Shown } from "@/ui/states";

type Account = Schemas["AccountReconciliation"];
type Difference = Schemas["Difference"];

/** Where accounts and their exchanges differ, with what would put it right; each account can be checked again. */
export function Differences() {
  const read = useRead("/api/v1/reconciliation", undefined, { poll: 15 });
  return (
    <Section title={differencesTexts.title}>
      <Shown of={read}>
        {({ accounts }) => {
          if (accounts.length === 0) return <Empty title={differencesTexts.noAccounts} />;
          const agree = accounts.every((account) => account.differences.length === 0);
          return (
            <div className="space-y-2">
              {agree ? <Empty title={differencesTexts.none}>{differencesTexts.noneWhy}</Empty> : null}
              <ul className="space-y-2">
                {accounts.map((account) => (
                  <OfAccount key={account.account_id} account={account} />
                ))}
              </ul>
            </div>
          );
        }}
      </Shown>
    </Section>
  );
}

function OfAccount({ account }: { account: Account }) {
  const may = useMay("trading:write");
  const { differences, looked_at: at } = account;
  return (
    <li className={`card space-y-3 p-3 ${differences.length > 0 ? "border-warn" : ""}`}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex flex-wrap items-center gap-2">
          <AccountName of={{ id: account.account_id, label: account.label, exchange: account.exchange }} link />
          {differences.length > 0 ? <Badge tone="warn">{differencesTexts.count(differences.length)}</Badge> : null}
          <span className="text-soft text-xs font-normal">
            {at ? differencesTexts.checked : differencesTexts.neverChecked} {at ? <Age at={at} /> : null}
          </span>
        </h3>
        {may ? <Run account={account.account_id} /> : null}
      </div>
      {differences.length > 0 ? (
        <ul className="space-y-3">
          {differences.map((difference) => (
            <One key={difference.proposal.id} difference={difference} account={account.account_id} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function One({ difference, account }: { difference: Difference; account: string }) {
  const may = useMay("trading:write");
  const { proposal, position_group_id: position, order_id: order, client_order_id: clientId, filled } = difference;
  return (
    <li className="border-line space-y-1 border-t pt-3">
      <p>
        <span className="text-warn font-medium">{what(difference)}</span>{" "}
        <span className="text-soft text-xs">
          {differencesTexts.since} <Age at={difference.since} />
        </span>
      </p>
      {filled && filled !== "0" ? <p>{differencesTexts.traded(grouped(filled), difference.asset ?? "")}</p> : null}
      {clientId ? (
        <p className="break-all">
          {differencesTexts.clientId} <code className="text-xs">{clientId}</code>
        </p>
      ) : null}
      <p>
        <span className="font-medium">{differencesTexts.proposal}</span> {repair(difference)}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {position ? <Link to="/positions/$id" params={{ id: position }}>{differencesTexts.positionLink}</Link> : null}
        {order ? <Link to="/orders/$id" params={{ id: order }}>{differencesTexts.orderLink}</Link> : null}
        {may && proposal.can_be_accepted ? <Accept difference={difference} account={account} /> : null}
      </div>
    </li>
  );
}

/** The difference itself, in words. */
function what({ kind, quantity, asset }: Difference): string {
  const told = differencesTexts.kind[kind];
  if (typeof told !== "function") return told ?? kind;
  if (kind === "suspected" && isNegative(quantity)) return differencesTexts.back(grouped((quantity ?? "").slice(1)), asset ?? "");
  return told(grouped(quantity ?? ""), asset ?? "");
}

/** What would put it right, in words; those of the API where this dashboard does not know the repair. */
function repair({ proposal, quantity, asset }: Difference): string {
  const told = differencesTexts.repair[proposal.repair];
  return typeof told === "function" ? told(grouped(quantity ?? ""), asset ?? "") : (told ?? proposal.meaning);
}

function Accept({ difference, account }: { difference: Difference; account: string }) {
  const { proposal } = difference;
  return (
    <Effect
      verb={differencesTexts.accept}
      title={differencesTexts.acceptTitle}
      danger
      reason
      preview={
        <>
          <p>{repair(difference)}</p>
          <p className="text-soft">
            {differencesTexts.acceptApi} {proposal.meaning}
          </p>
          <p className="border-warn bg-warn-fill rounded-md border p-2">{differencesTexts.acceptCheck}</p>
          <p>{differencesTexts.acceptCost}</p>
        </>
      }
      act={({ key, reason }) =>
        api.POST("/api/v1/reconciliation/{id}/accept", {
          params: { path: { id: account }, header: { "Idempotency-Key": key } },
          body: { proposal: proposal.id, reason },
        })
      }
    />
  );
}

function Run({ account }: { account: string }) {
  return (
    <Effect
      verb={differencesTexts.run}
      title={differencesTexts.runTitle}
      preview={
        <>
          <p>
            <AccountName of={{ id: account }} />
          </p>
          <p>{differencesTexts.runPreview}</p>
          <p className="text-soft">{differencesTexts.runTwice}</p>
        </>
      }
      act={({ key }) => api.POST("/api/v1/reconciliation/{id}/run", { params: { path: { id: account }, header: { "Idempotency-Key": key } } })}
    />
  );
}
