const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a date that exists, as `YYYY-MM-DD` (RFC 3339 full-date, Gregorian calendar). */
export function isCalendarDate(text: string): boolean {
  const [, year, month, day] = ISO_DATE.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined || year === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  // Engines differ in whether they refuse 31 April or roll it over; the way back settles it.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Age in completed years. Who is born on 29 February completes a year on 1 March where there is no such day: the later
 * of the two legal views, so that nobody counts as of age too early.
 *
 * @param dateOfBirth a calendar date, `YYYY-MM-DD`
 * @param today a calendar date, `YYYY-MM-DD`
 * @returns whole years; negative for a birth in the future
 */
export function ageOn(dateOfBirth: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  // The same number of digits everywhere: text order is date order.
  return today.slice(5) < dateOfBirth.slice(5) ? years - 1 : years;
}
