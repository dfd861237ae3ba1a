import { Link } from "@tanstack/react-router";
import type { Search } from "@/lib/address";

/** The views of one page, as links: the chosen one stands in the address as `view`, the first one without it. */
export function Views({ label, of, chosen }: { label: string; of: { value: string; text: string }[]; chosen: string }) {
  return (
    <nav aria-label={label} className="border-line flex flex-wrap gap-1 border-b">
      {of.map(({ value, text }, index) => (
        <Link
          key={value}
          to="."
          search={(all: Search) => ({ ...all, view: index === 0 ? undefined : value })}
          aria-current={value === chosen ? "page" : undefined}
          className={`text-ink hover:bg-hover -mb-px rounded-t-md border-b-2 px-3 py-2 no-underline ${value === chosen ? "border-brand font-semibold" : "border-transparent"}`}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
