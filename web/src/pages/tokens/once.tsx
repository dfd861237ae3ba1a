import type { ReactNode } from "react";
import { once as onceTexts } from "@/texts/tokens";
import { Dialog } from "@/ui/dialog";

/** A secret that the API has answered: shown until this is closed, and kept nowhere. */
export function Once({ title, children, onClose }: { title: string; children: ReactNode; onClose: () => void }) {
  return (
    <Dialog title={`${title}: ${onceTexts.title.toLowerCase()}`} onClose={onClose}>
      <div className="space-y-4">
        <p className="border-warn bg-warn-fill text-warn rounded-md border p-3">{onceTexts.why}</p>
        {children}
        <div className="flex justify-end">
          <button type="button" className="button button-main" onClick={onClose}>
            {onceTexts.done}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

interface Secret {
  secret: string;
}

interface Answer<Told> {
  data?: Told;
  error?: unknown;
  response: Response;
}

/** Hands a secret over and takes it out of the answer, so that no cache of requests holds it. */
export async function handOver<Told extends Secret>(asking: Promise<Answer<Told>>, take: (told: Told) => void): Promise<Answer<null>> {
  const { data, error, response } = await asking;
  if (response.ok && data) take(data);
  return { data: null, error, response };
}
