import { useRead } from "@/api/hooks";
import { useFilters } from "@/lib/address";
import { useMe } from "@/lib/session";
import { settings as settingsTexts } from "@/texts/settings";
import { ReadAt } from "@/ui/age";
import { Page } from "@/ui/page";
import { Shown } from "@/ui/states";
import { Views } from "@/ui/views";
import { OwnData } from "./settings/data";
import { SecondFactor } from "./settings/factor";
import { Password } from "./settings/password";
import { PlanUsage } from "./settings/plan";
import { Preferences } from "./settings/preferences";
import { Profile } from "./settings/profile";
import { Sessions } from "./settings/sessions";

const told = settingsTexts.views;
const VIEWS = ["profile", "security", "data"] as const;

/** The reader's own: profile, security and data. */
export function Settings() {
  const [search] = useFilters();
  const view = VIEWS.find((each) => each === search.view) ?? "profile";
  const me = useMe();
  const settings = useRead("/api/v1/user-settings", undefined, { enabled: view === "profile" });
  return (
    <Page title={settingsTexts.title} about={<ReadAt at={me.dataUpdatedAt} failed={me.isError} />}>
      <Views label={told.label} of={VIEWS.map((value) => ({ value, text: told[value] }))} chosen={view} />
      <Shown of={me}>
        {(user) =>
          view === "profile" ? (
            <>
              <Profile me={user} />
              <Shown of={settings}>{(data) => <Preferences settings={data} />}</Shown>
            </>
          ) : view === "security" ? (
            <>
              <Password />
              <SecondFactor />
              <Sessions />
            </>
          ) : (
            <>
              <PlanUsage />
              <OwnData me={user} />
            </>
          )
        }
      </Shown>
    </Page>
  );
}
