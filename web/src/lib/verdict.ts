import type { Schemas } from "@/api/client";

/** So long after its decision the entry of an accepted alert may still come to nothing, which changes the verdict. */
const SETTLES = 5 * 60_000;

type Received = Pick<Schemas["ReceivedAlert"], "verdict">;

/** Whether it is decided what becomes of an alert. */
export const isDecided = ({ verdict }: Received): boolean => verdict !== null && verdict.kind !== "queued";

/** Whether the verdict of an alert stays as it is. */
export const isFinal = (alert: Received): boolean => isDecided(alert) && (alert.verdict?.kind !== "accepted" || Date.now() - Date.parse(alert.verdict.at) > SETTLES);
