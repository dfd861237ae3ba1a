import { useParams } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { useMay, useMe } from "@/lib/session";
import { texts } from "@/texts/common";
import { users as usersTexts } from "@/texts/users";
import { Age, Moment, ReadAt } from "@/ui/age";
import { Facts, Page, Section } from "@/ui/page";
import { Shown } from "@/ui/states";
import { PlanUsage } from "../settings/plan";
import { Access } from "./access";
import { Ends } from "./ends";
import { UserStatus } from "./everyone";
import { Permits } from "./permits";

const told = usersTexts.one;

/** One user, as an admin sees them. */
export function User() {
  const { id = "" } = useParams({ strict: false });
  const user = useRead("/api/v1/users/{id}", { params: { path: { id } } }, { poll: 30 });
  return (
    <Page title={user.data?.username ?? usersTexts.title} about={<ReadAt at={user.dataUpdatedAt} failed={user.isError} />}>
      <Shown of={user}>{(data) => <Known user={data} />}</Shown>
    </Page>
  );
}

function Known({ user }: { user: Schemas["User"] }) {
  const may = useMay("users:write");
  const isOneself = useMe().data?.id === user.id;
  const permissions = useRead("/api/v1/permissions", { params: { query: { limit: 200 } } }, { enabled: may });
  const roles = useRead("/api/v1/roles", { params: { query: { limit: 200 } } }, { enabled: may });
  const { facts } = told;
  const permitted = user.permissions ?? roles.data?.items.find((role) => role.name === user.role)?.permissions ?? [];
  return (
    <>
      {isOneself ? <p className="card border-note bg-note-fill p-3">{`${told.you}. ${told.youWhy}`}</p> : null}
      <Facts
        of={[
          [facts.status, <UserStatus key="status" active={user.is_active} />],
          [facts.role, user.role],
          [facts.plan, user.plan],
          [facts.email, user.email],
          [facts.name, user.name ?? texts.none],
          [facts.login, <Age key="login" at={user.last_login} />],
          [facts.seen, <Age key="seen" at={user.last_seen} />],
          [facts.since, <Moment key="since" at={user.created_at} />],
          [facts.id, <code key="id" className="text-xs break-all">{user.id}</code>],
        ]}
      />
      {may ? (
        <Section title={told.actions}>
          <Access user={user} roles={roles.data?.items ?? []} isOneself={isOneself} />
          <Ends user={user} isOneself={isOneself} />
        </Section>
      ) : null}
      <Section title={told.permits}>
        <div className="card">
          <Permits names={permitted} known={permissions.data?.items ?? []} />
        </div>
      </Section>
      <PlanUsage user={user.id} />
    </>
  );
}
