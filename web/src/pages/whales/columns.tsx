import { Link } from "@tanstack/react-router";
import { whales as texts } from "@/texts/whales";
import { Age } from "@/ui/age";
import type { Column } from "@/ui/table";
import { Value } from "@/ui/value";
import { SideName, sideText, type WhaleAlert } from "./side";
import { blockchainText, reasonsText, Sentiment, typeText, WhaleStatus } from "./words";

const { columns } = texts;

export const COLUMNS: Column<WhaleAlert>[] = [
  { id: "detected", title: columns.detected, value: (alert) => alert.detected_at, cell: (alert) => <Age at={alert.detected_at} /> },
  { id: "type", title: columns.type, value: (alert) => typeText(alert.transaction_type), cell: (alert) => <Type of={alert} /> },
  { id: "amount", title: columns.amount, value: (alert) => alert.amount, number: true, cell: (alert) => <Value of={alert.amount} unit={alert.currency} /> },
  { id: "usd", title: columns.usd, value: (alert) => alert.amount_usd, number: true, cell: (alert) => <Value of={alert.amount_usd} unit={texts.usd} /> },
  { id: "from", title: columns.from, value: (alert) => sideText(alert, "from"), cell: (alert) => <SideName of={alert} end="from" /> },
  { id: "to", title: columns.to, value: (alert) => sideText(alert, "to"), cell: (alert) => <SideName of={alert} end="to" /> },
  { id: "score", title: columns.score, value: (alert) => alert.significance_score, number: true, cell: (alert) => <Score of={alert} /> },
  { id: "sentiment", title: columns.sentiment, value: (alert) => alert.sentiment, cell: (alert) => <Sentiment of={alert.sentiment} /> },
  { id: "status", title: columns.status, value: (alert) => alert.status, cell: (alert) => <WhaleStatus of={alert.status} /> },
  { id: "blockchain", title: columns.blockchain, value: (alert) => blockchainText(alert.blockchain), hidden: true },
  { id: "transaction", title: columns.transaction, value: (alert) => alert.transaction_hash, hidden: true, cell: (alert) => <code className="text-xs">{alert.transaction_hash}</code> },
  { id: "id", title: columns.id, value: (alert) => alert.id, hidden: true, cell: (alert) => <code className="text-xs">{alert.id}</code> },
];

function Type({ of }: { of: WhaleAlert }) {
  return (
    <Link to="/whales/$id" params={{ id: of.id }} title={texts.typesWhy[of.transaction_type]} className="whitespace-nowrap">
      {typeText(of.transaction_type)}
    </Link>
  );
}

function Score({ of }: { of: WhaleAlert }) {
  return (
    <span className="block min-w-28">
      <span className="number">{of.significance_score}</span>
      <span className="text-soft block text-xs">{reasonsText(of)}</span>
    </span>
  );
}
