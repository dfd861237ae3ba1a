import { ApiError, answered, api, type Schemas } from "@/api/client";

type Account = Pick<Schemas["Account"], "label" | "exchange">;

interface Test {
  account: Account;
  /** Of the token's request, and of the alert. */
  key: string;
  ends: number;
  token: Schemas["CreatedWebhookToken"] | null;
}

/** The token of a test lets nothing in for longer. */
const TOKEN_LIFE = 15 * 60_000;

/**
 * Makes a token for an account and sends one alert with it. All that is drawn for it stays until the alert is answered: asked for
 * again, the same token is made, and the same alert sent. Once the token has ended nothing can come of the first any more.
 */
export function tester() {
  let test: Test | null = null;
  return async (account: Account, symbol: string, quote: string) => {
    if (!test || test.ends <= Date.now()) test = { account, key: crypto.randomUUID(), ends: Date.now() + TOKEN_LIFE, token: null };
    try {
      test.token ??= await answered(create(test));
      const asking = send(test.token, test.key, symbol, quote);
      await answered(asking);
      test = null;
      return await asking;
    } catch (error) {
      if (error instanceof ApiError && error.isRefusal) test = null;
      throw error;
    }
  };
}

function create({ account, key, ends }: Test) {
  return api.POST("/api/v1/webhook-tokens", {
    params: { header: { "Idempotency-Key": key } },
    body: { label: `test ${key.slice(0, 8)}`, account: account.label, exchange: account.exchange, expires_at: new Date(ends).toISOString() },
  });
}

function send({ webhook_path: path, secret }: Schemas["CreatedWebhookToken"], id: string, symbol: string, quote: string) {
  // `…/webhook/{user_id}/{token}`
  const user = path.split("/").at(-2) ?? "";
  return api.POST("/api/v1/webhook/{user_id}/{token}", {
    params: { path: { user_id: user, token: secret } },
    body: {
      id,
      tv: { symbol },
      execution_intent: { type: "entry", strategy: "grid", side: "long" },
      base_order: { quote },
      take_profit: { steps: [{ profit_percent: "3", amount_percent: "100" }] },
      stop_loss_percent: "5",
    },
  });
}
