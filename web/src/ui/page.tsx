import { type ReactNode, useEffect } from "react";
import { texts } from "@/texts/common";

interface PageProps {
  title: string;
  /** Beside the title: when it was read, badges. */
  about?: ReactNode;
  /** To the right: what can be done. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.name}`;
  }, [title]);
  return (
    <div className="mx-auto max-w-7xl space-y-4 p-3 sm:p-6">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="break-words">{title}</h1>
          {about}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2>{title}</h2>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}

/** Names and values; each value may be a node. */
export function Facts({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className="card grid gap-x-6 gap-y-3 [grid-template-columns:repeat(auto-fill,minmax(13rem,1fr))]">
      {of.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-soft text-xs">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
