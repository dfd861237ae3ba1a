import type { ReactNode } from "react";

/** A part of a form under a heading of its own. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card space-y-3" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
