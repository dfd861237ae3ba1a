import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { ApiError, answered, api, begin } from "@/api/client";
import { useRead } from "@/api/hooks";

/** The built-in permissions that pages ask about; the API decides, pages only leave out what it would refuse. */
export type Permission = string;

export function useMe() {
  return useRead("/api/v1/users/me", undefined, {});
}

/** Whether the reader's role permits it; false until that is known. */
export function useMay(permission: Permission): boolean {
  const me = useMe();
  return me.data?.permissions?.includes(permission) ?? false;
}

/** How this browser shows things, and nothing of what is shown. */
const KEPT = /^(theme$|columns\.)/;

/** Forgets everything of a session that is over. */
export function useForget(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    begin(null);
    queries.clear();
    for (const name of Object.keys(localStorage)) if (!KEPT.test(name)) localStorage.removeItem(name);
  }, [queries]);
}

/** Ends the session, or fails: while it lives, this browser stays logged in, and says so. */
export async function logOut(): Promise<void> {
  const end = () => answered(api.POST("/api/v1/auth/logout", { body: {} }));
  const isOver = (error: unknown) => error instanceof ApiError && error.status === 401;
  const again = (error: unknown) => {
    // Another tab has begun a session since: its proof is asked for now.
    if (error instanceof ApiError && error.code === "csrf") return end();
    throw error;
  };
  await end()
    .catch(again)
    .catch((error: unknown) => {
      if (!isOver(error)) throw error;
    });
}
