import type { ReactNode } from "react";

/** One part of a form: its fields beside each other, under a heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card max-w-4xl space-y-3" aria-label={title}>
      <h2>{title}</h2>
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
    </section>
  );
}
