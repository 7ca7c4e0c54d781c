/** Dates, durations and countries as people read them, in the language of the page. */
export interface Formats {
  dateTime(date: Date): string;
  date(date: Date): string;
  clock(date: Date): string;
  /** A length of time in its largest unit: "3 minutes", "2 days". */
  span(seconds: number): string;
  /** The name of a country given by ISO 3166-1 alpha-2. */
  country(code: string): string;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * @param language of the texts
 * @param preferred BCP 47 tags of the reader: the first one of the same language decides between, say, day and month first
 */
export function makeFormats(language: string, preferred: readonly string[]): Formats {
  const lang = preferred.find((tag) => tag.split('-')[0] === language) ?? language;
  const dateTime = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(lang, { dateStyle: 'long' });
  const clock = new Intl.DateTimeFormat(lang, { timeStyle: 'short' });
  const regions = new Intl.DisplayNames([lang], { type: 'region' });
  const amount = (value: number, unit: string) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  return {
    dateTime: (value) => dateTime.format(value),
    date: (value) => date.format(value),
    clock: (value) => clock.format(value),
    span(seconds) {
      const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1];
      return amount(Math.floor(seconds / size), unit);
    },
    country(code) {
      try {
        return regions.of(code) ?? code;
      } catch {
        return code;
      }
    },
  };
}
