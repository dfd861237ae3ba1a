import type { Schemas } from "@/api/client";
import { texts as common } from "@/texts/common";
import { overview as texts } from "@/texts/overview";

type Detail = Schemas["PositionDetail"];

/** A position of the list, with its figures or why there are none. */
export interface Row {
  of: Schemas["Position"];
  account: string;
  detail: Detail | null;
  without: string;
  /** When its figures were read, if they cannot be read anew; else 0. */
  old: number;
}

interface Asked {
  data: Detail | undefined;
  isError: boolean;
  dataUpdatedAt: number;
}

/** What was read of a position stays until it is read anew. */
export function rowOf(position: Schemas["Position"], asked: Asked | undefined, account: string): Row {
  const { data = null, isError = false, dataUpdatedAt = 0 } = asked ?? {};
  return {
    // The list is newer than figures that cannot be read.
    of: isError ? position : (data ?? position),
    account,
    detail: data,
    without: !asked ? common.none : isError ? texts.unreadFigure : common.states.loading,
    old: isError && data ? dataUpdatedAt : 0,
  };
}
