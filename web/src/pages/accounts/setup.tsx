import { setup as setupTexts } from "@/texts/accounts";
import { Section } from "@/ui/page";
import { type Account, type Limits, type Step, steps } from "./words";

type Words = { title: string; done: string; open: string };

const WORDS: Record<Step, Words> = {
  saved: { title: setupTexts.saved, done: setupTexts.savedDone, open: setupTexts.savedOpen },
  validated: { title: setupTexts.validated, done: setupTexts.validatedDone, open: setupTexts.validatedOpen },
  limits: { title: setupTexts.limits, done: setupTexts.limitsDone, open: setupTexts.limitsOpen },
  enabled: { title: setupTexts.enabled, done: setupTexts.enabledDone, open: setupTexts.enabledOpen },
  proven: { title: setupTexts.proven, done: setupTexts.provenDone, open: setupTexts.provenOpen },
  read: { title: setupTexts.read, done: setupTexts.readDone, open: setupTexts.readOpen },
};

/** What is done and what is missing until the account works; nothing once all is done. */
export function Setup({ of, limits }: { of: Account; limits: Limits | undefined }) {
  const all = steps(of, limits);
  if ((!limits && !of.address) || all.every(({ done }) => done)) return null;
  return (
    <Section title={setupTexts.title}>
      <ol className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        {all.map(({ step, done }, index) => (
          <li key={step} className={`card ${done ? "" : "border-warn"}`}>
            <p className="font-medium">
              {index + 1}. {WORDS[step].title}{" "}
              <span className={`text-xs ${done ? "text-good" : "text-warn"}`}>
                <span aria-hidden="true">{done ? "✓ " : "○ "}</span>
                {done ? setupTexts.done : setupTexts.open}
              </span>
            </p>
            <p className="text-soft mt-1">{done ? WORDS[step].done : step === "enabled" && !of.validated ? setupTexts.enabledBlocked : WORDS[step].open}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
