import type { ReactNode } from "react";
import type { Answer } from "@/api/client";
import { once as onceTexts } from "@/texts/tokens";
import { ShownOnce } from "@/ui/shown-once";

/** A secret that the API has answered: shown until this is closed, and kept nowhere. */
export function Once({ title, children, onClose }: { title: string; children: ReactNode; onClose: () => void }) {
  return (
    <ShownOnce title={`${title}: ${onceTexts.title.toLowerCase()}`} about={<p>{onceTexts.why}</p>} done={onceTexts.done} onClose={onClose}>
      {children}
    </ShownOnce>
  );
}

interface Secret {
  secret: string;
}

/** Hands a secret over and takes it out of the answer, so that no cache of requests holds it. */
export async function handOver<Told extends Secret>(asking: Promise<Answer<Told>>, take: (told: Told) => void): Promise<Answer<null>> {
  const { data, error, response } = await asking;
  if (response.ok && data) take(data);
  return { data: null, error, response };
}
