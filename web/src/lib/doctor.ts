import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { ApiError, Schemas } from "@/api/client";
import { read } from "@/api/hooks";

type Doctor = Schemas["Doctor"];

const EVERY = 60_000;
const AGAIN = 3_000;
/** So long an answer to the question may take that was asked of the deployment. */
const PATIENCE = 20_000;

const hasLooked = ({ checks }: Doctor): boolean => checks.every(({ name, state }) => name !== "watch" || state === "ok");

/**
 * The checks of the deployment. The first question after a while only begins a new look, as with `moniqo doctor`: it is asked
 * again until there is one, and what was known before is shown until then.
 */
export function useDoctor() {
  const looked = useRef<{ last?: Doctor; waitsSince: number | null }>({ waitsSince: null });
  const asked = useQuery<Doctor, ApiError>({
    queryKey: ["/api/v1/doctor"],
    queryFn: ({ signal }) => read("/api/v1/doctor", undefined, signal),
    refetchInterval: ({ state }) => (state.data && !hasLooked(state.data) && Date.now() - (looked.current.waitsSince ?? 0) < PATIENCE ? AGAIN : EVERY),
    refetchIntervalInBackground: true,
  });
  const { data } = asked;
  if (data && hasLooked(data)) looked.current = { last: data, waitsSince: null };
  else if (data) looked.current.waitsSince ??= Date.now();
  const waits = looked.current.waitsSince !== null && Date.now() - looked.current.waitsSince < PATIENCE;
  return { ...asked, data: waits ? looked.current.last : data, isPending: asked.isPending || (waits && !looked.current.last) };
}
