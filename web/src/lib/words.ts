/** A text or name of the API as readers say it: a group is a position, a venue an exchange. Reasons of users, after a colon, stay as they are. */
export const inOurWords = (text: string): string =>
  text.replace(/^(recovered: )?[^:]*/, (own) => own.replace(/(?<![a-z])(position[ _-])?group(?=s?(?![a-z]))/g, "position").replace(/(?<![a-z])venue(?=s?(?![a-z]))/g, "exchange"));
