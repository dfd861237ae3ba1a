import { type ReactNode, useState } from "react";
import { ApiError, type Schemas } from "@/api/client";
import { read } from "@/api/hooks";
import { texts } from "@/texts/common";
import { audit as auditTexts } from "@/texts/audit";
import { Empty, Failure } from "@/ui/states";
import { type Column, Table } from "@/ui/table";

type Check = Schemas["AuditCheck"];
type Problem = Schemas["AuditProblem"];

const told = auditTexts.verify;
const { columns } = told;
const COLUMNS: Column<Problem>[] = [
  { id: "date", title: columns.date, value: (problem) => problem.date },
  { id: "problem", title: columns.problem, value: (problem) => told.problems[problem.problem], cell: (problem) => <span className="text-bad font-medium">{told.problems[problem.problem]}</span> },
  { id: "number", title: columns.number, value: (problem) => problem.number, number: true },
  { id: "table", title: columns.table, value: (problem) => problem.table },
  { id: "user", title: columns.user, value: (problem) => problem.user_id ?? told.allUsers },
];

interface VerifyProps extends Asked {
  /** What stands beside its button. */
  children: ReactNode;
}

interface Asked {
  since?: string;
  until?: string;
  user?: string;
}

/** Walks through the log: on demand, since it reads all of it. */
export function Verify({ children, ...asked }: VerifyProps) {
  const [check, setCheck] = useState<Check | null>(null);
  const [rows, setRows] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const go = async () => {
    setCheck(null);
    setError(null);
    setRows(0);
    try {
      setCheck(await whole(asked, setRows));
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : new ApiError(0, "unreachable", ""));
    } finally {
      setRows(null);
    }
  };
  return (
    <section aria-label={told.title} className="space-y-2">
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" disabled={rows !== null} onClick={() => void go()}>
          <span aria-live="polite">{rows === null ? told.verb : told.busy(rows)}</span>
        </button>
        {children}
      </div>
      {error ? <Failure error={error} again={() => void go()} /> : null}
      {check ? <Result of={check} /> : null}
    </section>
  );
}

function Result({ of }: { of: Check }) {
  return (
    <div role="status" className={`card space-y-2 ${of.whole ? "border-good" : "border-bad"}`}>
      <p className={`font-medium ${of.whole ? "text-good" : "text-bad"}`}>{of.whole ? told.whole(of.rows, of.chains) : told.broken(of.problems.length)}</p>
      <p className="text-soft">{told.signed(of.signed_days, of.signed_since)}</p>
      {of.problems.length > 0 ? (
        <>
          <Table id="audit-problems" caption={told.title} rows={of.problems} columns={COLUMNS} rowKey={(problem) => [problem.date, problem.table, problem.user_id, problem.problem, problem.number].join(".")} empty={<Empty title={texts.none} />} />
          <p>{told.next}</p>
        </>
      ) : null}
    </div>
  );
}

/** One request checks so much; the next goes on where it stopped. */
async function whole({ since, until, user }: Asked, onRows: (count: number) => void): Promise<Check> {
  const ask = (from: string | undefined) => read("/api/v1/logs/audit/verify", { params: { query: { since: from, until, user_id: user } } });
  let found: Check = await ask(since);
  while (found.next_date !== null) {
    onRows(found.rows);
    const { next_date: from } = found;
    const more: Check = await ask(from);
    if (more.next_date === from) throw new ApiError(0, "unreadable", "");
    found = {
      ...more,
      whole: found.whole && more.whole,
      chains: found.chains + more.chains,
      rows: found.rows + more.rows,
      problems: [...found.problems, ...more.problems],
      signed_days: found.signed_days + more.signed_days,
    };
  }
  return found;
}
