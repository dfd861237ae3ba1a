import { settings as settingsTexts } from "@/texts/settings";

const told = settingsTexts.changes;

/** One value that is changed into another. */
export interface Change {
  label: string;
  before: string | null | undefined;
  after: string | null | undefined;
}

/** Before and after of what a form would change; says so where that is nothing. */
export function Changes({ of }: { of: Change[] }) {
  if (of.length === 0) return <p className="text-soft">{told.none}</p>;
  return (
    <dl className="border-line space-y-1 rounded-md border p-2" aria-label={told.title}>
      {of.map(({ label, before, after }) => (
        <div key={label} className="flex flex-wrap gap-x-2">
          <dt className="text-soft">{label}:</dt>
          <dd className="min-w-0 break-words">
            <del className="text-soft">{before || told.nothing}</del> <span aria-label={told.arrow}>→</span> <ins className="font-medium no-underline">{after || told.nothing}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
