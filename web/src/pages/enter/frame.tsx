import { type ReactNode, useEffect } from "react";
import { texts } from "@/texts/common";

/** Around the pages before the log-in. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${texts.name}`;
  }, [title]);
  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center p-4">
      <p className="text-brand mb-4 text-center text-2xl font-semibold">{texts.name}</p>
      <div className="card space-y-4 p-6">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
