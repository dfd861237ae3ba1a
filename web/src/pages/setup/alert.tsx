import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type ApiError, answered, api, type Schemas } from "@/api/client";
import { isDecided } from "@/lib/verdict";
import { inOurWords } from "@/lib/words";
import { setup as texts } from "@/texts/setup";
import { AccountName } from "@/ui/account";
import { Effect } from "@/ui/effect";
import { Input } from "@/ui/form";
import { tester } from "./tester";

type Account = Schemas["Account"];

const LOOK = 1_000;

/** Makes a token for this account and sends one alert with it, as TradingView would. */
export function TestAlert({ account }: { account: Account }) {
  const [symbol, setSymbol] = useState("BTCUSDT");
  const [quote, setQuote] = useState("100");
  const [test] = useState(tester);
  const [sent, setSent] = useState<string | null>(null);
  return (
    <>
      <p>{texts.alert.open}</p>
      <Effect
        verb={texts.alert.go}
        title={texts.alert.go}
        preview={
          <>
            <Input label={texts.alert.symbol} value={symbol} onChange={setSymbol} required maxLength={32} />
            <Input label={texts.alert.quote} value={quote} onChange={setQuote} inputMode="decimal" required />
            <p>
              <AccountName of={account} />
            </p>
            <p>{texts.alert.preview(symbol, quote)}</p>
          </>
        }
        act={() => test(account, symbol, quote)}
        onDone={({ delivery_id }) => setSent(delivery_id)}
      />
      {sent ? <Outcome of={sent} /> : null}
    </>
  );
}

/** What became of the alert, asked until it is decided. */
function Outcome({ of }: { of: string }) {
  const asked = useQuery<Schemas["ReceivedAlert"], ApiError>({
    queryKey: ["test-alert", of],
    queryFn: () => answered(api.GET("/api/v1/deliveries/{id}", { params: { path: { id: of } } })),
    refetchInterval: (query) => (query.state.data && isDecided(query.state.data) ? false : LOOK),
    retry: true,
    retryDelay: LOOK,
  });
  const verdict = asked.data?.verdict;
  const [position] = verdict?.position_group_ids ?? [];
  return (
    <p role="status">
      {!verdict || !asked.data || !isDecided(asked.data) ? (
        texts.alert.waiting
      ) : verdict.kind === "accepted" && position ? (
        <>
          {texts.alert.opened}{" "}
          <Link to="/positions/$id" params={{ id: position }}>
            {texts.alert.see}
          </Link>
        </>
      ) : (
        <>
          {texts.alert.refused} {inOurWords(verdict.detail ?? verdict.reason ?? "")}{" "}
          <Link to="/alerts/$id" params={{ id: of }}>
            {texts.alert.why}
          </Link>
        </>
      )}
    </p>
  );
}
