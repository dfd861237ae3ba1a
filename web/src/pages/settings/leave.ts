import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { begin } from "@/api/client";

/** After a change that has ended the reader's own session: forgets it, before anything is read anew with it. */
export function useLeave() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async <Answer extends { response: Response }>(asking: Promise<Answer>): Promise<Answer> => {
      const answer = await asking;
      if (answer.response.ok) {
        begin(null);
        await navigate({ to: "/login" });
        queries.clear();
      }
      return answer;
    },
    [queries, navigate],
  );
}
