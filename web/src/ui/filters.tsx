import { useEffect, useState } from "react";
import type { Search } from "@/lib/address";
import { texts } from "@/texts/common";
import { Input, Select } from "./form";

interface Filter {
  name: string;
  label: string;
  /** What may be typed. */
  hint?: string;
  /** A choice; without it, a text. */
  options?: { value: string; text: string }[];
}

/** What a list is filtered by; it stands in the address. */
export function Filters({ of, search, onChange }: { of: Filter[]; search: Search; onChange: (name: string, value: string) => void }) {
  return (
    <form className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap" onSubmit={(event) => event.preventDefault()} role="search">
      {of.map((filter) =>
        filter.options ? (
          <Select key={filter.name} label={filter.label} value={search[filter.name] ?? ""} onChange={(value) => onChange(filter.name, value)} options={[{ value: "", text: texts.table.all }, ...filter.options]} />
        ) : (
          <Typed key={filter.name} filter={filter} value={search[filter.name] ?? ""} onChange={onChange} />
        ),
      )}
    </form>
  );
}

const PAUSE = 400;
const PAIR = /^[a-z0-9]{1,16}[/-][a-z0-9]{3,16}(:[a-z0-9]{3,16})?$|^[a-z0-9]{2,16}usd[tc]?$/i;

/** Whether it can be asked for: half a market is refused. */
const isWhole = (name: string, text: string): boolean => name !== "symbol" || text === "" || PAIR.test(text);

/** Asks once the reader pauses, not at each letter; until then the rows stay. */
function Typed({ filter, value, onChange }: { filter: Filter; value: string; onChange: (name: string, value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const wanted = text.trim();
  const whole = isWhole(filter.name, wanted);
  useEffect(() => {
    if (wanted === value || !whole) return;
    const waiting = setTimeout(() => onChange(filter.name, wanted), PAUSE);
    return () => clearTimeout(waiting);
  }, [wanted, whole, value, filter.name, onChange]);
  return <Input label={filter.label} type="search" hint={whole ? filter.hint : texts.table.pair} value={text} onChange={setText} />;
}

export const MODES = ["paper", "testnet", "live"] as const;

/** By mode, as every list of what was traded has it. */
export const BY_MODE: Filter = { name: "mode", label: texts.mode.filter, options: MODES.map((value) => ({ value, text: texts.mode[value] })) };
