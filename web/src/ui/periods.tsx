import type { Search } from "@/lib/address";
import { PERIODS, type Period, periodIn } from "@/lib/period";
import { lists } from "@/texts/lists";
import { Dates } from "./dates";
import { Select } from "./form";

interface PeriodsProps {
  /** What is shown without a choice; null for all time. */
  usual?: Period | null;
  /** What can be chosen. */
  of?: readonly Period[];
  search: Search;
  onChange: (name: string, value: string) => void;
}

/** How long back is shown, in the address as `period`. */
export function Periods({ usual = "30", of = PERIODS, search, onChange }: PeriodsProps) {
  const all = usual === null ? [{ value: "", text: lists.allTime }] : [];
  return (
    <>
      <Select label={lists.period} value={periodIn(search.period, usual) ?? ""} onChange={(value) => onChange("period", value)} options={[...all, ...of.map((value) => ({ value, text: lists.periods[value] }))]} />
      {search.period === "own" ? <Dates since={lists.since} until={lists.until} search={search} onChange={onChange} /> : null}
    </>
  );
}
