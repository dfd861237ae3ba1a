import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answered, api, begin } from "@/api/client";
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

/** Forgets everything of the session in this browser. */
export function useLogOut(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    try {
      await answered(api.POST("/api/v1/auth/logout", { body: {} }));
    } finally {
      begin(null);
      queries.clear();
      for (const name of Object.keys(localStorage)) if (!KEPT.test(name)) localStorage.removeItem(name);
    }
  }, [queries]);
}
