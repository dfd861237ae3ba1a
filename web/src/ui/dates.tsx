import type { Search } from "@/lib/address";
import { Input } from "./form";

/** The first and the last day of what is shown, in the address as `since` and `until`. */
export function Dates({ since, until, search, onChange }: { since: string; until: string; search: Search; onChange: (name: string, value: string) => void }) {
  return (
    <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <Input label={since} type="date" value={search.since ?? ""} onChange={(value) => onChange("since", value)} />
      <Input label={until} type="date" value={search.until ?? ""} onChange={(value) => onChange("until", value)} />
    </div>
  );
}
