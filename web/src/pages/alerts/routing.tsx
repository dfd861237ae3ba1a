import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { multiply } from "@/lib/decimal";
import { texts } from "@/texts/common";
import { alert as alertTexts } from "@/texts/alerts";
import { reasonText } from "@/texts/reasons";
import { AccountName, useAccountTexts } from "@/ui/account";
import { Facts, Section } from "@/ui/page";
import { Reason } from "@/ui/reason";
import { type Column, Table } from "@/ui/table";
import { Value } from "@/ui/value";

type Part = Schemas["RoutedPart"];
type LeftOut = Schemas["LeftOut"];
type Figures = Schemas["RoutedFigures"];

const told = alertTexts.part;

type Named = (id: string) => string;
const partsWith = (named: Named): Column<Part>[] => [
  { id: "account", title: told.account, value: (part) => named(part.account_id), cell: (part) => <AccountName of={{ id: part.account_id }} link /> },
  { id: "alert", title: told.alert, value: (part) => part.delivery_id, cell: (part) => <Link to="/alerts/$id" params={{ id: part.delivery_id }}>{told.open}</Link> },
  { id: "quantity", title: told.quantity, value: (part) => part.figures?.quantity, number: true, cell: (part) => (part.figures ? <Value of={part.figures.quantity} /> : told.noFigures) },
  { id: "average", title: told.average, value: (part) => part.figures?.average_price, number: true, cell: (part) => <Value of={part.figures?.average_price} /> },
  { id: "net", title: told.net, value: (part) => part.figures?.net_price, number: true, cell: (part) => <Value of={part.figures?.net_price} /> },
  { id: "worst", title: told.worst, value: (part) => part.figures?.worst_price, number: true, cell: (part) => <Value of={part.figures?.worst_price} /> },
  { id: "fee", title: told.fee, value: (part) => part.figures?.fee, number: true, cell: (part) => <Fee of={part.figures} /> },
];
const leftOutWith = (named: Named): Column<LeftOut>[] => [
  { id: "account", title: told.account, value: (out) => named(out.account_id), cell: (out) => <AccountName of={{ id: out.account_id }} link /> },
  { id: "reason", title: told.reason, value: (out) => reasonText(out.reason)?.words ?? out.reason, cell: (out) => <Reason code={out.reason} /> },
  { id: "detail", title: told.detail, value: (out) => out.detail },
];

/** How a route shared an alert out between accounts, and why some have no part. */
export function Routing({ of }: { of: Schemas["Routing"] }) {
  const named = useAccountTexts();
  const [parts, leftOut] = useMemo(() => [partsWith(named), leftOutWith(named)], [named]);
  return (
    <Section title={alertTexts.routing}>
      <Facts
        of={[
          [alertTexts.routeName, alertTexts.route(of.route.name, of.route.version)],
          [alertTexts.bestPrice, <Value of={of.best_price} />],
        ]}
      />
      <h3>{alertTexts.parts}</h3>
      <Table id="route-parts" caption={alertTexts.parts} rows={of.parts} columns={parts} rowKey={(part) => part.delivery_id} empty={<p className="text-soft">{alertTexts.noParts}</p>} />
      {of.left_out.length > 0 ? <h3>{alertTexts.leftOut}</h3> : null}
      <Table id="route-left-out" caption={alertTexts.leftOut} rows={of.left_out} columns={leftOut} rowKey={(out) => out.account_id} empty={null} />
    </Section>
  );
}

/** Of an alert that is one account's part: the alert that was shared out, and what this account buys. */
export function PartOf({ of }: { of: Schemas["AlertPart"] }) {
  return (
    <Section title={alertTexts.partOf}>
      <p>
        {alertTexts.partOfWhy(of.route.name)}{" "}
        <Link to="/alerts/$id" params={{ id: of.delivery_id }}>
          {alertTexts.partOfLink}
        </Link>
      </p>
      {of.figures ? (
        <Facts
          of={[
            [told.quantity, <Value of={of.figures.quantity} />],
            [told.average, <Value of={of.figures.average_price} />],
            [told.net, <Value of={of.figures.net_price} />],
            [told.worst, <Value of={of.figures.worst_price} />],
            [told.fee, <Fee of={of.figures} />],
          ]}
        />
      ) : null}
    </Section>
  );
}

/** As a rate: `0.001` is 0.1 %. */
function Fee({ of }: { of: Figures | null }) {
  if (!of?.fee) return texts.none;
  return (
    <>
      <Value of={multiply(of.fee, "100")} unit={alertTexts.percent} />
      {of.fee_source ? <span className="text-soft text-xs"> {alertTexts.feeSource[of.fee_source] ?? of.fee_source}</span> : null}
    </>
  );
}
