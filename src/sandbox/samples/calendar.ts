/** The same day of the year, some years on; 29 February becomes the 28th. */
export function addYears(isoDate: string, years: number): string {
  const year = String(Number(isoDate.slice(0, 4)) + years).padStart(4, '0');
  const day = isoDate.slice(5) === '02-29' ? '02-28' : isoDate.slice(5);
  return `${year}-${day}`;
}

const DAY_MS = 86_400_000;

/** Some days on, in the Gregorian calendar. */
export function addDays(isoDate: string, days: number): string {
  return new Date(Date.parse(`${isoDate}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
