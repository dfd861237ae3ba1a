import { useMemo, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { useList, useRead } from "@/api/hooks";
import { texts } from "@/texts/common";
import { users as usersTexts } from "@/texts/users";
import { Badge } from "@/ui/badge";
import { Preview } from "@/ui/effect";
import { Checkbox } from "@/ui/form";
import { List } from "@/ui/list";
import { Empty } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Opens } from "../settings/opens";
import { Permits } from "./permits";

type Role = Schemas["Role"];

const told = usersTexts.roles;
const titles = told.columns;
const rates = (role: Role) => Object.entries(role.rates).map(([kind, most]) => told.rate(kind, most)).join(", ");

const columnsWith = (permissions: Schemas["Permission"][]): Column<Role>[] => [
  { id: "name", title: titles.name, value: (role) => role.name, cell: (role) => <span className="font-medium">{role.name}</span> },
  { id: "description", title: titles.description, value: (role) => role.description, cell: (role) => <span className="block min-w-40">{role.description}</span> },
  { id: "permissions", title: titles.permissions, value: (role) => role.permissions.join(" "), cell: (role) => <Permits names={role.permissions} known={permissions} /> },
  { id: "rates", title: titles.rates, value: rates, hidden: true },
  { id: "holders", title: titles.holders, value: (role) => role.holders, number: true },
  { id: "builtIn", title: titles.builtIn, value: (role) => (role.built_in ? told.builtIn : told.own), cell: (role) => <Badge>{role.built_in ? told.builtIn : told.own}</Badge> },
];

const actWith = (permissions: Schemas["Permission"][]): Column<Role> => ({
  id: "act",
  title: titles.act,
  value: () => null,
  cell: (role) => (role.built_in ? texts.none : <Opens verb={told.edit}>{(close) => <Edit role={role} permissions={permissions} onClose={close} />}</Opens>),
});

/** What each role permits, in words. */
export function Roles() {
  const roles = useList("/api/v1/roles");
  const permissions = useRead("/api/v1/permissions", { params: { query: { limit: 200 } } });
  const known = permissions.data?.items;
  const hasOwn = roles.rows.some((role) => !role.built_in);
  const columns = useMemo(() => [...columnsWith(known ?? []), ...(hasOwn ? [actWith(known ?? [])] : [])], [known, hasOwn]);
  return (
    <>
      <p className="text-soft">{told.about}</p>
      <List of={roles} id="roles" caption={usersTexts.views.roles} columns={columns} rowKey={(role) => role.name} empty={<Empty title={told.empty} />} />
    </>
  );
}

function Edit({ role, permissions, onClose }: { role: Role; permissions: Schemas["Permission"][]; onClose: () => void }) {
  const [chosen, setChosen] = useState<readonly string[]>(role.permissions);
  const gains = chosen.filter((each) => !role.permissions.includes(each));
  const loses = role.permissions.filter((each) => !chosen.includes(each));
  const isSame = gains.length === 0 && loses.length === 0;
  return (
    <Preview
      verb={texts.actions.save}
      title={told.editTitle(role.name)}
      onClose={onClose}
      disabled={isSame ? told.unchanged : null}
      version={role.version}
      act={({ version }) => api.PATCH("/api/v1/roles/{name}", { params: { path: { name: role.name }, header: ifMatch(version) }, body: { permissions: [...chosen] } })}
      preview={
        <>
          <div className="space-y-2">
            {permissions.map(({ name, description }) => (
              <Checkbox key={name} label={name} hint={description} checked={chosen.includes(name)} onChange={(checked) => setChosen(checked ? [...chosen, name] : chosen.filter((each) => each !== name))} />
            ))}
          </div>
          {isSame ? (
            <p className="text-soft">{told.unchanged}</p>
          ) : (
            <>
              {gains.length > 0 ? <p>{`${told.gains}: ${gains.join(", ")}`}</p> : null}
              {loses.length > 0 ? <p>{`${told.loses}: ${loses.join(", ")}`}</p> : null}
              <p>{told.editPreview(role.holders ?? 0)}</p>
            </>
          )}
        </>
      }
    />
  );
}
