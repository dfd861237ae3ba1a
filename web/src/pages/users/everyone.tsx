import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { useList } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { users as usersTexts } from "@/texts/users";
import { Age, Moment, ReadAt } from "@/ui/age";
import { Badge } from "@/ui/badge";
import { Filters } from "@/ui/filters";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";

type User = Schemas["User"];

const { columns, filters } = usersTexts;

export function UserStatus({ active }: { active: boolean }) {
  return <Badge tone={active ? "good" : "bad"}>{active ? usersTexts.active : usersTexts.suspended}</Badge>;
}

const COLUMNS: Column<User>[] = [
  { id: "username", title: columns.username, value: (user) => user.username, cell: (user) => <Link to="/users/$id" params={{ id: user.id }}>{user.username}</Link> },
  { id: "email", title: columns.email, value: (user) => user.email },
  { id: "name", title: columns.name, value: (user) => user.name },
  { id: "role", title: columns.role, value: (user) => user.role },
  { id: "plan", title: columns.plan, value: (user) => user.plan },
  { id: "status", title: columns.status, value: (user) => (user.is_active ? usersTexts.active : usersTexts.suspended), cell: (user) => <UserStatus active={user.is_active} /> },
  { id: "login", title: columns.login, value: (user) => user.last_login, cell: (user) => <Age at={user.last_login} /> },
  { id: "created", title: columns.created, value: (user) => user.created_at, cell: (user) => <Moment at={user.created_at} /> },
  { id: "id", title: columns.id, value: (user) => user.id, hidden: true, cell: (user) => <code className="text-xs">{user.id}</code> },
];

/** All users, or those that match. */
export function Everyone({ roles }: { roles: string[] }) {
  const [search, filter] = useFilters();
  const users = useList("/api/v1/users", { search: search.search, role: search.role, is_active: search.active });
  return (
    <>
      <ReadAt at={users.dataUpdatedAt} failed={users.isError} />
      <Filters
        of={[
          { name: "search", label: filters.search },
          { name: "role", label: filters.role, options: roles.map((value) => ({ value, text: value })) },
          { name: "active", label: filters.active, options: Object.entries(filters.actives).map(([value, text]) => ({ value, text })) },
        ]}
        search={search}
        onChange={filter}
      />
      <List of={users} id="users" caption={usersTexts.title} columns={COLUMNS} rowKey={(user) => user.id} sort="username" empty={<Empty title={usersTexts.empty} />} />
    </>
  );
}
