import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { moment, useNow } from "@/lib/time";
import { score as texts } from "@/texts/risk";
import { Age, ReadAt } from "@/ui/age";
import { Effect } from "@/ui/effect";
import { Section } from "@/ui/page";
import { Empty, Failure, Loading } from "@/ui/states";
import { Book } from "./book";

type Assessment = Schemas["RiskAssessment"];

const LATEST = "/api/v1/risk-assessments/latest";
const WHILE_MADE = 2;
const ELSE = 30;
/** So long one that was requested may take until that is said. */
const PATIENCE = 30_000;
const EARLIER = { params: { query: { limit: 100 } } };

/** The newest assessment, by mode and currency, with those before as a line. */
export function Score() {
  const [requested, setRequested] = useState<string | null>(null);
  const latest = useRead(LATEST, undefined, { poll: requested ? WHILE_MADE : ELSE });
  const { data } = latest;
  const waits = requested !== null && !(data && Date.parse(data.at) >= Date.parse(requested));
  // Made: from now on as seldom as before.
  if (requested !== null && !waits) setRequested(null);
  return (
    <Section title={texts.title} actions={<Assess waits={waits} onRequested={setRequested} />}>
      <ReadAt at={latest.dataUpdatedAt} failed={latest.isError && latest.error.status !== 404} />
      <p className="text-soft">{texts.why}</p>
      {waits ? <Waiting since={requested} /> : null}
      {data ? <Made of={data} /> : latest.error?.status === 404 ? <Empty title={texts.none}>{texts.noneNext}</Empty> : latest.error ? <Failure error={latest.error} again={() => void latest.refetch()} /> : <Loading />}
    </Section>
  );
}

function Assess({ waits, onRequested }: { waits: boolean; onRequested: (at: string) => void }) {
  return (
    <Effect
      verb={texts.assess}
      title={texts.assessTitle}
      disabled={waits && texts.waits}
      preview={<p>{texts.assessPreview}</p>}
      act={({ key }) => api.POST("/api/v1/risk-assessments", { params: { header: { "Idempotency-Key": key } } })}
      onDone={({ requested_at }) => onRequested(requested_at)}
    />
  );
}

function Waiting({ since }: { since: string }) {
  const isLate = useNow() - Date.parse(since) > PATIENCE;
  return (
    <p role="status" className={isLate ? "text-warn" : "text-soft"}>
      {isLate ? texts.late : texts.waiting}
    </p>
  );
}

function Made({ of }: { of: Assessment }) {
  const earlier = useRead("/api/v1/risk-assessments", EARLIER, { poll: 60 }).data?.items ?? [];
  return (
    <>
      <p>
        {texts.made} <Age at={of.at} />, {texts.madeFor[of.made_for] ?? of.made_for}
        <span className="sr-only"> {moment(of.at)}</span>
      </p>
      {of.outdated ? (
        <p role="status" className="border-warn bg-warn-fill text-warn rounded-md border p-3">
          {texts.outdated}
        </p>
      ) : null}
      {of.books.length === 0 ? <Empty title={texts.nothing}>{texts.nothingNext}</Empty> : null}
      {of.books.map((book) => (
        <Book key={`${book.mode} ${book.currency}`} of={book} all={[...earlier, of]} />
      ))}
    </>
  );
}
