import type { Schemas } from "@/api/client";
import { whales as texts } from "@/texts/whales";
import { shortAddress } from "./address";

export type WhaleAlert = Schemas["WhaleAlert"];
type Side = Schemas["WhaleSide"];
export type End = "from" | "to";

/** Of a side without an address: the issuer of what is created or destroyed, or a giver whose scripts are no address. */
export const withoutAddress = ({ transaction_type: type }: WhaleAlert, end: End): string =>
  (type === "mint" && end === "from") || (type === "burn" && end === "to") ? texts.issuer : texts.noOwner;

/** The owner, or else the whole address. */
export const sideText = (of: WhaleAlert, end: End): string => of[end].label ?? of[end].address ?? withoutAddress(of, end);

export const categoryText = (category: Side["category"]): string | null => category && (texts.categories[category] ?? category);

/** By its label, or else by its address, of which all stands in the title. */
export function SideName({ of, end }: { of: WhaleAlert; end: End }) {
  const { label, address, category } = of[end];
  if (label !== null) {
    return (
      <span className="block min-w-24" title={address ?? undefined}>
        {label}
        {category ? <span className="text-soft block text-xs">{categoryText(category)}</span> : null}
      </span>
    );
  }
  if (address === null) return <span className="text-soft">{withoutAddress(of, end)}</span>;
  return (
    <code className="text-xs whitespace-nowrap" title={address}>
      {shortAddress(address)}
    </code>
  );
}
