import type { ApiError } from "@/api/client";

/** A text or name of the API as readers say it: a group is a position, a venue an exchange. Reasons of users, after a colon, stay as they are. */
export const inOurWords = (text: string): string =>
  text.replace(/^(recovered: )?[^:]*/, (own) => own.replace(/(?<![a-z])(position[ _-])?group(?=s?(?![a-z]))/g, "position").replace(/(?<![a-z])venue(?=s?(?![a-z]))/g, "exchange"));

/** Whether there was no room for it just now; 503 without a problem is the gateway's word for that. */
export const isBusy = ({ status, problem }: ApiError): boolean => status === 429 || (status === 503 && problem === null);
