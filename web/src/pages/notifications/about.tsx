import { Link } from "@tanstack/react-router";
import { texts } from "@/texts/common";
import { notifications as notificationsTexts } from "@/texts/notifications";

const told = notificationsTexts.about;
const PLACES: Record<string, { text: string; to: string; isOne: boolean }> = {
  grp: { text: told.position, to: "/positions/$id", isOne: true },
  ord: { text: told.order, to: "/orders/$id", isOne: true },
  bot: { text: told.bot, to: "/bots/$id", isOne: true },
  dlv: { text: told.alert, to: "/alerts/$id", isOne: true },
  acc: { text: told.account, to: "/accounts/$id", isOne: true },
  tok: { text: told.token, to: "/webhook-tokens", isOne: false },
  key: { text: told.key, to: "/api-keys", isOne: false },
  rsk: { text: told.rule, to: "/risk", isOne: false },
  usr: { text: told.user, to: "/settings", isOne: false },
};

/** Where to look at what a notification is about; its id where no page shows it. */
export function About({ id }: { id: string | null }) {
  if (!id) return texts.none;
  const place = PLACES[id.slice(0, 3)];
  if (!place) return <code className="text-xs">{id}</code>;
  return (
    <Link to={place.to} params={place.isOne ? { id } : {}}>
      {place.text}
    </Link>
  );
}
