import { useQueries } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { interval, key, read } from "@/api/hooks";
import { bots as botsTexts } from "@/texts/bots";
import { Age } from "@/ui/age";
import { Badge, type Tone } from "@/ui/badge";

type Bot = Schemas["Bot"];
export type Run = Schemas["BotRun"];

const PATH = "/api/v1/bots/{id}/runs/{run}";
const POLL = 15;

/** The newest run of each bot, by the bot's id; what is stopped is not asked for again. */
export function useNewestRuns(bots: Bot[]): Map<string, Run> {
  const asked = bots.flatMap(({ id, run_id: run, running }) => (run ? [{ id, run, running }] : []));
  return useQueries({
    queries: asked.map(({ id, run, running }) => {
      const init = { params: { path: { id, run } } };
      return {
        queryKey: key(PATH, init),
        queryFn: ({ signal }: { signal: AbortSignal }): Promise<Run> => read(PATH, init, signal),
        refetchInterval: running ? () => interval(POLL) : (false as const),
      };
    }),
    combine: (told: { data?: Run }[]) => new Map(told.flatMap(({ data }) => (data ? [[data.bot_id, data] as const] : []))),
  });
}

export type State = keyof typeof botsTexts.state;

export function stateOf(bot: Bot, run: Run | undefined): State {
  if (!bot.run_id) return "never";
  return run?.status ?? (bot.running ? "running" : "stopped");
}

const TONES: Record<State, Tone> = { running: "good", close_only: "warn", stopped: "plain", never: "plain" };

export function StateBadge({ of }: { of: State }) {
  return (
    <Badge tone={TONES[of]} title={botsTexts.stateWhy[of]}>
      {botsTexts.state[of]}
    </Badge>
  );
}

/** Whether a run that goes on keeps up, and why it cannot decide. */
export function Health({ of }: { of: Run | undefined }) {
  if (!of || of.status === "stopped") return null;
  if (of.failing) {
    return (
      <span>
        <Badge tone="bad">{botsTexts.failing}</Badge> <span className="text-bad break-words">{of.failing}</span>
      </span>
    );
  }
  return of.behind ? (
    <Badge tone="warn" title={botsTexts.behindWhy}>
      {botsTexts.behind}
    </Badge>
  ) : (
    <span className="text-good">{botsTexts.healthy}</span>
  );
}

/** What a strategy answered to a candle. */
export function Signal({ of }: { of: Schemas["BotSignal"] | null }) {
  if (!of) return null;
  return (
    <span>
      {botsTexts.action[of.action]} <span className="text-soft">({botsTexts.confidence(of.confidence)})</span> <Age at={of.opens_at} />
    </span>
  );
}
