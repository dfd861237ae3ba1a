import { api, ifMatch } from "@/api/client";
import { ruleActions as texts } from "@/texts/risk";
import { Effect } from "@/ui/effect";
import { RuleFacts } from "./facts";
import { bodyOf, nameOf, type Rule } from "./words";

/** Lets a rule hold, or not: what it says stays. */
export function Switch({ of }: { of: Rule }) {
  const enabled = !of.enabled;
  const [verb, title, text] = enabled ? [texts.on, texts.onTitle, texts.onPreview] : [texts.off, texts.offTitle, texts.offPreview];
  return (
    <Effect
      // One that is open keeps what it says: it is another button once the state has changed.
      key={verb}
      verb={verb}
      title={title(nameOf(of))}
      danger={!enabled}
      version={of.version ?? 0}
      preview={
        <>
          <RuleFacts of={bodyOf(of)} />
          <p>{text}</p>
        </>
      }
      act={({ version }) => api.PUT("/api/v1/risk-rules/{id}", { params: { path: { id: of.id }, header: ifMatch(version) }, body: { ...bodyOf(of), enabled } })}
    />
  );
}

export function Remove({ of }: { of: Rule }) {
  return (
    <Effect
      verb={texts.remove}
      title={texts.removeTitle(nameOf(of))}
      danger
      version={of.version ?? 0}
      preview={
        <>
          <RuleFacts of={bodyOf(of)} />
          <p>{texts.removePreview}</p>
        </>
      }
      act={({ version }) => api.DELETE("/api/v1/risk-rules/{id}", { params: { path: { id: of.id }, header: ifMatch(version) } })}
    />
  );
}

/** Lets entries start that this rule has paused. */
export function Resume({ of }: { of: Rule }) {
  return (
    <Effect
      verb={texts.resume}
      title={texts.resumeTitle(nameOf(of))}
      reason
      preview={
        <>
          <RuleFacts of={bodyOf(of)} />
          <p>{texts.resumePreview}</p>
          <p className="text-soft">{texts.resumeWindow}</p>
          <p className="text-soft">{texts.resumeNothing}</p>
        </>
      }
      act={({ key, reason }) => api.POST("/api/v1/risk-rules/{id}/resume", { params: { path: { id: of.id }, header: { "Idempotency-Key": key } }, body: { reason } })}
    />
  );
}
