/** Dates of a document whose meaning is known, `YYYY-MM-DD`. */
export interface KnownDates {
  readonly birth?: string | undefined;
  readonly issue?: string | undefined;
  readonly expiry?: string | undefined;
}

/** Longest validity of an identity document: Spanish identity cards of the aged excepted, which bear a date beyond any horizon. */
const LONGEST_VALIDITY_YEARS = 16;

const years = (from: string, to: string): number => {
  const whole = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? whole - 1 : whole;
};

const isValidity = (issue: string, expiry: string): boolean =>
  issue < expiry && years(issue, expiry) < LONGEST_VALIDITY_YEARS;

/** Whether dates can stand together on one document: birth before issue, issue no later than today and before expiry. */
export function agree({ birth, issue, expiry }: KnownDates, today: string): boolean {
  if (birth !== undefined && birth > today) return false;
  if (issue !== undefined && issue > today) return false;
  if (birth !== undefined && issue !== undefined && birth > issue) return false;
  if (birth !== undefined && expiry !== undefined && birth >= expiry) return false;
  return issue === undefined || expiry === undefined || issue < expiry;
}

/** A date without a label: a year of two digits is another one for a day past than for one to come. */
export interface LooseDate {
  readonly past?: string | undefined;
  readonly coming?: string | undefined;
}

/**
 * Meanings of dates that no label announces, by their order: birth, issue, expiry. Only where one way alone makes sense.
 *
 * @param loose dates of the page without a label
 */
export function datesByOrder(known: KnownDates, loose: readonly LooseDate[], today: string): KnownDates {
  const missing = (['birth', 'issue', 'expiry'] as const).filter((role) => known[role] === undefined);
  if (loose.length === 0 || loose.length > missing.length) return {};
  const fits = assignments(missing, loose)
    .map((guess) => ({ ...known, ...guess }))
    .filter((all) => agree(all, today) && isPlausible(all));
  const [sole, other] = fits;
  return sole && other === undefined ? sole : {};
}

/** A date says little without a partner: issue and expiry must both be there, and a validity that is usual between them. */
const isPlausible = ({ issue, expiry }: KnownDates): boolean =>
  issue !== undefined && expiry !== undefined && isValidity(issue, expiry);

type Role = 'birth' | 'issue' | 'expiry';

function assignments(roles: readonly Role[], dates: readonly LooseDate[]): readonly KnownDates[] {
  const [date, ...rest] = dates;
  if (date === undefined) return [{}];
  return roles.flatMap((role) => {
    const value = role === 'expiry' ? date.coming : date.past;
    if (value === undefined) return [];
    return assignments(
      roles.filter((other) => other !== role),
      rest,
    ).map((others) => ({ ...others, [role]: value }));
  });
}
