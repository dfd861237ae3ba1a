import { api } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useMay } from "@/lib/session";
import { overview } from "@/texts/overview";
import { Effect } from "@/ui/effect";

const texts = overview.system;

/** Halts entries of every user, or resumes them: for operators. */
export function SystemHalt() {
  const operates = useMay("system:operate");
  const halts = useRead("/api/v1/halt", undefined, { poll: true, enabled: operates });
  if (!operates || !halts.data) return null;
  const act = halts.data.system_halted ? "resume" : "halt";
  const halting = act === "halt";
  return (
    <Effect
      // One that is open keeps what it says: it is another button once the state has changed.
      key={act}
      verb={texts.verb[act]}
      title={texts.verb[act]}
      danger={halting}
      reason
      typed={halting ? act : undefined}
      preview={<p>{texts.preview[act]}</p>}
      act={({ key, reason }) => api.POST(`/api/v1/system/${act}`, { params: { header: { "Idempotency-Key": key } }, body: { reason } })}
    />
  );
}
