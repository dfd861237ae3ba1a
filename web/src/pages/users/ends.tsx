import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { users as usersTexts } from "@/texts/users";
import { Effect } from "@/ui/effect";
import { Lines } from "./access";

type User = Schemas["User"];

const told = usersTexts.one;

/** What ends a user's trading, access or data. */
export function Ends({ user, isOneself }: { user: User; isOneself: boolean }) {
  const navigate = useNavigate();
  const not = isOneself ? told.oneself : null;
  // Before the user is read anew: there is none any more.
  const away = async <Answer extends { response: Response }>(asking: Promise<Answer>): Promise<Answer> => {
    const answer = await asking;
    if (answer.response.ok) await navigate({ to: "/users" });
    return answer;
  };
  return (
    <div className="flex flex-wrap gap-2">
      <CloseAll user={user} not={not} />
      <Effect
        verb={told.remove}
        title={told.removeTitle}
        danger
        disabled={not}
        typed={user.username}
        preview={<Lines of={told.removePreview} />}
        version={user.version}
        act={({ version }) => away(api.DELETE("/api/v1/users/{id}", { params: { path: { id: user.id }, header: ifMatch(version) } }))}
      />
      <Effect
        verb={told.erase}
        title={told.eraseTitle}
        danger
        disabled={not}
        typed={user.username}
        preview={<Lines of={told.erasePreview} />}
        act={() => away(api.POST("/api/v1/users/{id}/erase", { params: { path: { id: user.id } }, body: {} }))}
      />
    </div>
  );
}

function CloseAll({ user, not }: { user: User; not: string | null }) {
  const [closing, setClosing] = useState<number | null>(null);
  return (
    <>
      <Effect
        verb={told.close}
        title={told.closeTitle}
        danger
        reason
        typed={user.username}
        disabled={not ?? (user.is_active ? told.closeOnly : null)}
        preview={<Lines of={told.closePreview} />}
        act={({ key, reason }) => api.POST("/api/v1/position-groups/close", { params: { header: { "Idempotency-Key": key } }, body: { user: user.id, reason } })}
        onDone={(answer) => setClosing(answer.closing.length)}
      />
      {closing === null ? null : (
        <p role="status" className="self-center">
          {told.closing(closing)}
        </p>
      )}
    </>
  );
}
