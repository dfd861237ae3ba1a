import createClient, { type Middleware } from "openapi-fetch";
import { learn } from "@/lib/time";
import type { components, paths } from "./generated";
import { forgetIntents, intents, isRefusal } from "./intents";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** What an answer says went wrong; `status` 0 where there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly problem: Problem | null = null,
    /** What was asked is refused, and not in doubt. */
    readonly isRefusal = false,
  ) {
    super(detail);
  }
}

const READS = new Set(["GET", "HEAD"]);
const OPEN = /\/auth\/(login|register|forgot-password|reset-password)$/;

/** Proves that a page of ours asks; it is not kept, and asked for again after the page was loaded anew. */
let csrf: string | null = null;
/** The newest answer of each address that has a tag, so that the same one need not be sent again. */
const kept = new Map<string, { tag: string; body: string; headers: Headers }>();
const KEPT_MAX = 200;
const WHOLE = /^W\/"[0-9a-f]{24}"$/;

export function begin(token: string | null): void {
  csrf = token;
  kept.clear();
  forgetIntents();
}

async function csrfToken(): Promise<string> {
  if (csrf) return csrf;
  const answer = await fetch("/api/v1/auth/csrf", { credentials: "same-origin" });
  if (!answer.ok) throw new ApiError(answer.status, "unauthorized", "");
  csrf = ((await answer.json()) as Schemas["CsrfToken"]).csrf_token;
  return csrf;
}

/** What was kept when a request was sent: meanwhile it may have gone. */
const sent = new WeakMap<Request, { tag: string; body: string; headers: Headers }>();

const proof: Middleware = {
  async onRequest({ request }) {
    if (READS.has(request.method)) {
      const known = kept.get(request.url);
      if (known) {
        request.headers.set("If-None-Match", known.tag);
        sent.set(request, known);
        // Used last, dropped last.
        kept.delete(request.url);
        kept.set(request.url, known);
      }
    } else if (!OPEN.test(new URL(request.url).pathname)) {
      request.headers.set("X-CSRF-Token", await csrfToken());
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (!READS.has(request.method)) return response;
    const known = sent.get(request);
    if (response.status === 304 && known) {
      return new Response(known.body, { status: 200, headers: known.headers });
    }
    const tag = response.headers.get("ETag");
    // Ours stands for the whole answer; a version of a resource does not, though something on the way may have weakened it.
    if (response.ok && tag && WHOLE.test(tag)) {
      const body = await response.clone().text();
      if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? "");
      kept.set(request.url, { tag, body, headers: response.headers });
    }
    return response;
  },
};

/** Learns the API's clock, by which ages are shown. */
async function timed(request: Request): Promise<Response> {
  const asked = Date.now();
  const answer = await fetch(request);
  learn(answer.headers.get("Date"), asked, Date.now());
  return answer;
}

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin", fetch: timed });
api.use(proof, intents);

/** Hears of an answer that says: log in again. */
let onEnd: () => void = () => {};
export function whenSessionEnds(act: () => void): void {
  onEnd = act;
}

/** What openapi-fetch gives back. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer, or an `ApiError`. */
export async function answered<T>(asking: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asking.catch((cause: unknown) => {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError(0, "unreachable", "");
  });
  if (response.ok) return data as T;
  const problem = isProblem(error) ? error : null;
  if (response.status === 401 && !OPEN.test(new URL(response.url).pathname)) onEnd();
  if (problem?.code === "csrf") csrf = null;
  throw new ApiError(response.status, problem?.code ?? "unreadable", problem?.detail ?? problem?.title ?? "", problem, isRefusal(response, problem?.code));
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "status" in value;
}

/** The version of a resource, as a change of it names it. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
