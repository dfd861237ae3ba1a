import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, type Schemas } from "@/api/client";
import { useMay } from "@/lib/session";
import { bot as botTexts, botForm, bots as botsTexts } from "@/texts/bots";
import { AccountName } from "@/ui/account";
import { Preview } from "@/ui/effect";
import { Facts, Page } from "@/ui/page";
import { NoPermission } from "@/ui/states";
import { bodyOf, type BotDraft, NEW_BOT } from "./draft";
import { BotForm } from "./form";
import { strategyName } from "./names";
import { StrategyInWords } from "./strategy/said";
import { PlanFacts } from "./terms";

export function NewBot() {
  const may = useMay("trading:write");
  return (
    <Page title={botForm.newTitle} about={<p className="text-soft">{botsTexts.what}</p>}>
      {may ? <BotForm start={NEW_BOT} preview={(draft, account, close) => <Create draft={draft} account={account} onClose={close} />} /> : <NoPermission />}
    </Page>
  );
}

function Create({ draft, account, onClose }: { draft: BotDraft; account: Schemas["Account"] | undefined; onClose: () => void }) {
  const navigate = useNavigate();
  const body = bodyOf(draft);
  return (
    <Preview<Schemas["Bot"]>
      verb={botForm.create}
      title={botForm.createTitle}
      onClose={onClose}
      preview={
        <>
          <p>{botForm.createPreview}</p>
          <DraftFacts body={body} account={account} />
          <StrategyInWords of={draft} />
          <PlanFacts of={body.plan ?? {}} />
        </>
      }
      act={({ key }) => api.POST("/api/v1/bots", { params: { header: { "Idempotency-Key": key } }, body })}
      onDone={(bot) => void navigate({ to: "/bots/$id", params: { id: bot.id } })}
    />
  );
}

function DraftFacts({ body, account }: { body: Schemas["NewBot"]; account: Schemas["Account"] | undefined }) {
  const told = botTexts.termFacts;
  const facts: [string, ReactNode][] = [
    [botForm.name, body.name],
    [told.account, <AccountName key="account" of={account ?? { id: body.account }} />],
    [told.market, body.symbol],
    [told.timeframe, body.timeframe],
    [told.strategy, body.strategy ? strategyName(body.strategy) : botsTexts.rules],
    [told.confidence, body.confidence_min ?? "0"],
    [told.preset, body.preset ?? botTexts.ofPreset],
  ];
  return <Facts of={facts} />;
}
