import { useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { moment } from "@/lib/time";
import { users as usersTexts } from "@/texts/users";
import { Copy } from "@/ui/copy";
import { Effect, Preview } from "@/ui/effect";
import { Select } from "@/ui/form";
import { ShownOnce } from "@/ui/shown-once";
import { Changes } from "../settings/changes";
import { Opens } from "../settings/opens";

type User = Schemas["User"];

const told = usersTexts.one;
const DEFAULT_PLAN = "default";

/** What a user may do, and how they log in. */
export function Access({ user, roles, isOneself }: { user: User; roles: Schemas["Role"][]; isOneself: boolean }) {
  const not = isOneself ? told.oneself : null;
  return (
    <div className="flex flex-wrap gap-2">
      <Opens verb={told.role} disabled={not}>
        {(close) => <ChangeRole user={user} roles={roles} onClose={close} />}
      </Opens>
      <Opens verb={told.plan} disabled={not}>
        {(close) => <ChangePlan user={user} onClose={close} />}
      </Opens>
      <ResetPassword user={user} not={not} />
      <Effect
        verb={told.factor}
        title={told.factor}
        danger
        disabled={not}
        preview={<p>{told.factorPreview}</p>}
        act={() => api.DELETE("/api/v1/users/{id}/totp", { params: { path: { id: user.id } } })}
      />
      {user.is_active ? (
        <Effect
          key="suspend"
          verb={told.suspend}
          title={told.suspendTitle}
          danger
          disabled={not}
          preview={<Lines of={told.suspendPreview} />}
          version={user.version}
          act={({ version }) => api.PATCH("/api/v1/users/{id}", { params: { path: { id: user.id }, header: ifMatch(version) }, body: { is_active: false } })}
        />
      ) : (
        <Effect
          key="activate"
          verb={told.activate}
          title={told.activateTitle}
          disabled={not}
          preview={<p>{told.activatePreview}</p>}
          version={user.version}
          act={({ version }) => api.PATCH("/api/v1/users/{id}", { params: { path: { id: user.id }, header: ifMatch(version) }, body: { is_active: true } })}
        />
      )}
    </div>
  );
}

export function Lines({ of }: { of: readonly string[] }) {
  return (
    <ul className="list-disc space-y-1 pl-5">
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function ChangeRole({ user, roles, onClose }: { user: User; roles: Schemas["Role"][]; onClose: () => void }) {
  const [role, setRole] = useState(user.role);
  const chosen = roles.find((each) => each.name === role);
  return (
    <Preview
      verb={told.role}
      title={told.role}
      onClose={onClose}
      disabled={role === user.role ? told.newRole : null}
      version={user.version}
      act={({ version }) => api.PATCH("/api/v1/users/{id}", { params: { path: { id: user.id }, header: ifMatch(version) }, body: { role } })}
      preview={
        <>
          <Select label={told.newRole} hint={chosen?.description} value={role} onChange={setRole} options={[...new Set([user.role, ...roles.map((each) => each.name)])]} />
          <Changes of={role === user.role ? [] : [{ label: told.facts.role, before: user.role, after: role }]} />
          <p>{told.rolePreview}</p>
        </>
      }
    />
  );
}

/** A plan is assigned, exchanged or taken away by three operations of the API. */
function ChangePlan({ user, onClose }: { user: User; onClose: () => void }) {
  const plans = useRead("/api/v1/plans", { params: { query: { limit: 200 } } });
  const [plan, setPlan] = useState(user.plan);
  const names = (plans.data?.items ?? []).filter((each) => each.is_active).map((each) => each.name);
  const path = { id: user.id };
  return (
    <Preview<Schemas["UserPlan"] | undefined>
      verb={told.plan}
      title={told.plan}
      onClose={onClose}
      disabled={plan === user.plan ? told.newPlan : null}
      version={user.version}
      act={({ key, version }) =>
        plan === DEFAULT_PLAN
          ? api.DELETE("/api/v1/user-plans/{id}", { params: { path, header: ifMatch(version) } })
          : user.plan === DEFAULT_PLAN
            ? api.POST("/api/v1/user-plans", { params: { header: { "Idempotency-Key": key } }, body: { user_id: user.id, plan } })
            : api.PUT("/api/v1/user-plans/{id}", { params: { path, header: ifMatch(version) }, body: { plan } })
      }
      preview={
        <>
          <Select
            label={told.newPlan}
            value={plan}
            onChange={setPlan}
            options={[...new Set([user.plan, DEFAULT_PLAN, ...names])].map((value) => ({ value, text: value === DEFAULT_PLAN ? told.planNone : value }))}
          />
          <Changes of={plan === user.plan ? [] : [{ label: told.facts.plan, before: user.plan, after: plan }]} />
          <p>{told.planPreview}</p>
        </>
      }
    />
  );
}

function ResetPassword({ user, not }: { user: User; not: string | null }) {
  const [token, setToken] = useState<Schemas["ResetToken"] | null>(null);
  return (
    <>
      <Effect
        verb={told.password}
        title={told.password}
        danger
        disabled={not}
        preview={<p>{told.passwordPreview}</p>}
        act={({ key }) => api.POST("/api/v1/users/{id}/reset-password", { params: { path: { id: user.id }, header: { "Idempotency-Key": key } } })}
        onDone={setToken}
      />
      {token ? (
        <ShownOnce
          title={told.tokenTitle}
          about={
            <>
              <p>{told.tokenAbout(user.username)}</p>
              <p>{told.tokenEnds(moment(token.expires_at))}</p>
            </>
          }
          done={told.tokenDone}
          onClose={() => setToken(null)}
        >
          <Copy label={told.token} text={token.reset_token} />
        </ShownOnce>
      ) : null}
    </>
  );
}
