import type { Middleware } from "openapi-fetch";

const HEADER = "Idempotency-Key";
/** What only creates. All else is sent anew from each dialog: what was stopped then may run by now, and an old answer would not stop it. */
const CREATES = /^\/api\/v1\/(accounts|api-keys|backtests|bots|orders|presets|risk-rules|user-trades|webhook-tokens)$/;
/** A body with one of these is not kept, not even as a hash. */
const SECRET = /"\w*(secret|passphrase|password|api_key|code|totp|signature)"\s*:/;
const KEPT_FOR = 60_000;

interface Key {
  key: string;
  /** Until when other dialogs send it, too. */
  until: number;
}

/** Keys of creations that are not answered, by the hash of the request: asked for again, by another dialog too, it is the same intent. */
const open = new Map<string, Key>();
/** What was sent for the key that a dialog has drawn: it is the dialog's own from then on. */
const sent = new Map<string, Key>();
const names = new WeakMap<Request, string>();

async function nameOf(request: Request): Promise<string | null> {
  const { pathname } = new URL(request.url);
  if (request.method !== "POST" || !CREATES.test(pathname)) return null;
  const body = await request.clone().text();
  if (SECRET.test(body)) return null;
  const asked = [request.method, request.url, request.headers.get("If-Match") ?? "", body].join("\n");
  return String(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked))));
}

/** The key to send where a dialog has drawn `own`. */
function keyFor(name: string, own: string): string {
  const now = Date.now();
  for (const [each, { until }] of open) if (until <= now) open.delete(each);
  const mine = sent.get(own) ?? open.get(name) ?? { key: own, until: now + KEPT_FOR };
  sent.set(own, mine);
  if (mine.until > now && !open.has(name)) open.set(name, mine);
  return mine.key;
}

/** Refused before the request itself was looked at, or to be sent again. */
const NOT_YET = new Set([401, 403, 408, 425, 429]);

/** Whether the request itself was refused: what is meant after that is another intent. */
export function isRefusal({ status, headers }: Response, code: unknown): boolean {
  const isInDoubt = code === "in_progress" || code === "answer_not_kept" || headers.has("Retry-After");
  return status >= 400 && status < 500 && !NOT_YET.has(status) && !isInDoubt;
}

/** Whether it says what became of the request, and has arrived whole. */
async function settles(response: Response): Promise<boolean> {
  const text = await response.clone().text().catch(() => null);
  return text !== null && (response.ok || isRefusal(response, codeOf(text)));
}

function codeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

/** Sends the key of a creation that was not answered once more with the same creation: until it is, or for a minute. */
export const intents: Middleware = {
  async onRequest({ request }) {
    const own = request.headers.get(HEADER);
    const name = own && (await nameOf(request));
    if (!own || !name) return;
    request.headers.set(HEADER, keyFor(name, own));
    names.set(request, name);
    return request;
  },
  async onResponse({ request, response }) {
    const name = names.get(request);
    if (name && (await settles(response)) && open.get(name)?.key === request.headers.get(HEADER)) open.delete(name);
    return undefined;
  },
};

export function forgetIntents(): void {
  open.clear();
  sent.clear();
}
