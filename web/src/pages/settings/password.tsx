import { useState } from "react";
import { api } from "@/api/client";
import { settings as settingsTexts } from "@/texts/settings";
import { Preview } from "@/ui/effect";
import { Input } from "@/ui/form";
import { Section } from "@/ui/page";
import { Opens } from "./opens";

const told = settingsTexts.password;

export function Password() {
  const [done, setDone] = useState(false);
  return (
    <Section title={told.title} actions={<Opens verb={told.change}>{(close) => <Change onDone={() => setDone(true)} onClose={close} />}</Opens>}>
      <p className="text-soft">{told.about}</p>
      {done ? (
        <p role="status" className="text-good">
          {told.done}
        </p>
      ) : null}
    </Section>
  );
}

function Change({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== fresh;
  return (
    <Preview
      verb={told.change}
      title={told.change}
      onClose={onClose}
      onDone={onDone}
      disabled={fresh !== again ? told.differs : null}
      act={() => api.POST("/api/v1/users/me/password", { body: { old_password: old, new_password: fresh } })}
      preview={
        <>
          <p>{told.preview}</p>
          <Input label={told.old} type="password" value={old} onChange={setOld} autoComplete="current-password" required />
          <Input label={told.new} hint={told.about} type="password" value={fresh} onChange={setFresh} autoComplete="new-password" required />
          <Input label={told.again} type="password" value={again} onChange={setAgain} autoComplete="new-password" required error={differs ? told.differs : null} />
        </>
      }
    />
  );
}
