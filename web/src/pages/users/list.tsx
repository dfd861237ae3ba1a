import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMay } from "@/lib/session";
import { users as usersTexts } from "@/texts/users";
import { Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { Views } from "@/ui/views";
import { CreateUser } from "./create";
import { Everyone } from "./everyone";
import { Plans } from "./plans";
import { Roles } from "./roles";

const told = usersTexts.views;
const VIEWS = ["users", "roles", "plans"] as const;

/** Users of the deployment, and what roles and plans permit. */
export function Users() {
  const [search] = useFilters();
  const view = VIEWS.find((each) => each === search.view) ?? "users";
  const may = useMay("users:write");
  const roles = useRead("/api/v1/roles", { params: { query: { limit: 200 } } }, { enabled: may });
  const names = roles.data?.items.map((role) => role.name) ?? [];
  if (!may) {
    return (
      <Page title={usersTexts.title}>
        <NoPermission />
      </Page>
    );
  }
  return (
    <Page title={usersTexts.title} actions={roles.data ? <CreateUser roles={names} /> : null}>
      <Views label={told.label} of={VIEWS.map((value) => ({ value, text: told[value] }))} chosen={view} />
      {view === "users" ? <Everyone roles={names} /> : view === "roles" ? <Roles /> : <Plans />}
    </Page>
  );
}
