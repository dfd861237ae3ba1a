import type { Listed } from "@/api/hooks";
import { texts } from "@/texts/common";
import { older } from "@/texts/older";
import { Empty } from "./states";

/** Where no row matches so far: filters are checked row by row, so older rows may still match. */
export function NoMatch<Row>({ of, title }: { of: Listed<Row>; title: string }) {
  if (!of.hasMore) return <Empty title={title} />;
  return (
    <Empty title={older.title}>
      <button type="button" className="button" disabled={of.isFetchingMore} onClick={of.more}>
        {of.isFetchingMore ? texts.states.loading : older.go}
      </button>
    </Empty>
  );
}
