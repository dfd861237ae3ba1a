import type { Schemas } from "@/api/client";
import { users as usersTexts } from "@/texts/users";

/** Permissions, each with what it allows. */
export function Permits({ names, known }: { names: readonly string[]; known: Schemas["Permission"][] }) {
  if (names.length === 0) return <span className="text-soft">{usersTexts.one.none}</span>;
  return (
    <ul className="min-w-56 space-y-0.5">
      {names.map((name) => (
        <li key={name}>
          <code className="text-xs">{name}</code> <span className="text-soft text-xs">{known.find((each) => each.name === name)?.description}</span>
        </li>
      ))}
    </ul>
  );
}
