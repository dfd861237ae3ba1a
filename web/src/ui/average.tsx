import { rounded } from "@/lib/rounded";
import { Value } from "./value";

/** A price that is an average, and may have twenty digits: rounded, with all of them in the title. */
export function Average({ of }: { of: string | null }) {
  if (of === null) return <Value of={null} />;
  return (
    <span title={of}>
      <Value of={rounded(of)} />
    </span>
  );
}
