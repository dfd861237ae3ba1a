import type { Middleware } from "openapi-fetch";

const HEADER = "Idempotency-Key";
/** A body with one of these is not kept, not even as a hash. */
const SECRET = /"\w*(secret|passphrase|password|api_key|code|totp|signature)"\s*:/;
/** To halt twice harms nothing, and an old answer in the place of a halt would. */
const ALWAYS_ANEW = /\/halt$/;

/** Keys of requests that are not answered, by the hash of the request: asked for again, by another dialog too, it is the same intent. */
const open = new Map<string, string>();
const names = new WeakMap<Request, string>();

async function nameOf(request: Request): Promise<string | null> {
  const body = await request.clone().text();
  if (SECRET.test(body) || ALWAYS_ANEW.test(request.url)) return null;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${request.method} ${request.url}\n${body}`));
  return String(new Uint8Array(hash));
}

/** Whether it says what became of the request; what is to be sent again later does not. */
const isAnswer = ({ status, headers }: Response): boolean => status < 500 && status !== 429 && !headers.has("Retry-After");

/** Sends the key of a request that was not answered once more with the same request, until it is. */
export const intents: Middleware = {
  async onRequest({ request }) {
    const own = request.headers.get(HEADER);
    const name = own && (await nameOf(request));
    if (!own || !name) return;
    const key = open.get(name) ?? own;
    open.set(name, key);
    names.set(request, name);
    request.headers.set(HEADER, key);
    return request;
  },
  onResponse({ request, response }) {
    const name = names.get(request);
    if (name && isAnswer(response)) open.delete(name);
    return undefined;
  },
};

export function forgetIntents(): void {
  open.clear();
}
