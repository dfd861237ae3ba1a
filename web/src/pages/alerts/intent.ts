/** What an alert asks for, as far as its text says so; the API alone decides how it is read. */
export interface Intent {
  /** `entry long`, `exit`, or the word of a short form. */
  wanted: string;
  market: string | null;
  timeframe: string | null;
  account: string | null;
  preset: string | null;
  route: string | null;
}

const NONE = { market: null, timeframe: null, account: null, preset: null, route: null };

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);

function text(of: unknown, ...path: string[]): string | null {
  const found = path.reduce<unknown>((value, name) => (isMembers(value) ? value[name] : undefined), of);
  return typeof found === "string" && found !== "" ? found : null;
}

/** Reads the body of an alert; null where it says nothing that can be shown. */
export function intent(body: string): Intent | null {
  const members = parse(body);
  if (!members) return short(body);
  const wanted = own(members) ?? foreign(members);
  if (!wanted) return null;
  const exchange = text(members, "tv", "exchange") ?? text(members, "exchange") ?? text(members, "tv_exchange");
  const symbol = text(members, "tv", "symbol") ?? text(members, "symbol") ?? text(members, "tv_instrument");
  return {
    wanted,
    market: symbol && exchange && !symbol.includes(":") ? `${exchange}:${symbol}` : symbol,
    timeframe: text(members, "tv", "timeframe"),
    account: text(members, "account"),
    preset: text(members, "preset"),
    route: text(members, "route"),
  };
}

function parse(body: string): Members | null {
  try {
    const value: unknown = JSON.parse(body);
    return isMembers(value) ? value : null;
  } catch {
    return null;
  }
}

/** Moniqo's own text: a strategy's position goes before the side. */
function own(members: Members): string | null {
  const type = text(members, "execution_intent", "type");
  const position = text(members, "tv", "market_position");
  const side = position ?? text(members, "execution_intent", "side") ?? text(members, "tv", "action");
  if (type === "exit" || side === "flat") return "exit";
  return type || side ? ["entry", side].filter(Boolean).join(" ") : null;
}

/** 3Commas: `enter_long`, or `buy` with the strategy's position. */
function foreign(members: Members): string | null {
  const action = text(members, "action");
  if (text(members, "strategy_info", "market_position") === "flat") return "exit";
  const [verb = "", side] = action?.split("_") ?? [];
  const known = { enter: "entry", exit: "exit" }[verb];
  return known ? [known, side].filter(Boolean).join(" ") : action;
}

/** One line, or lines of `KEY=VALUE`. */
function short(body: string): Intent | null {
  const pairs = new Map(body.split(/[\n;]/).map((line) => [line.split("=")[0]?.trim() ?? "", line.slice(line.indexOf("=") + 1).trim()]));
  const [signal, symbol, exchange] = [pairs.get("SIGNAL"), pairs.get("SYMBOL"), pairs.get("EXCHANGE")];
  if (signal && symbol) return { ...NONE, wanted: signal.toLowerCase(), market: exchange ? `${exchange}:${symbol}` : symbol };
  const [, verb, market] = /^(buy|long|short|sell|exit|close|flat)\s+(\S+)$/i.exec(body.trim()) ?? [];
  if (verb && market) return { ...NONE, wanted: verb.toLowerCase(), market };
  return null;
}
