/** The last UTC day of a period whose end is not in it: of one that ends now or at midnight, today. */
export function lastDay(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString().slice(0, 10);
}
