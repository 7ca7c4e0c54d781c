import type { PrintedLine } from '../document-fields.js';
import { luhnHolds } from './check-digits.js';
import {
  announcesOtherNumber,
  isZoneText,
  partsOf,
  plainText,
  readDigits,
  rowsOf,
  type PrintedRow,
} from './printed-rows.js';
import { spanOf, type PrivateSpan } from './span.js';

/** First digits that a network's numbers begin with, from the first prefix to the last, and how many digits such a number has. */
interface IssuerRange {
  readonly first: string;
  readonly last: string;
  readonly lengths: readonly number[];
}

const range = (first: string, last: string, ...lengths: readonly number[]): IssuerRange => ({
  first,
  last,
  lengths,
});

/** Issuer identification numbers (ISO/IEC 7812-1) by network, as the networks publish them. */
const ISSUER_RANGES: readonly IssuerRange[] = [
  // Visa
  range('4', '4', 13, 16, 18, 19),
  // Mastercard, with its series of 2017
  range('51', '55', 16),
  range('2221', '2720', 16),
  // American Express
  range('34', '34', 15),
  range('37', '37', 15),
  // Discover
  range('6011', '6011', 16, 17, 18, 19),
  range('644', '649', 16, 17, 18, 19),
  range('65', '65', 16, 17, 18, 19),
  // JCB
  range('3528', '3589', 16, 17, 18, 19),
  // Diners Club
  range('300', '305', 14, 16, 17, 18, 19),
  range('3095', '3095', 14, 16, 17, 18, 19),
  range('36', '36', 14, 15, 16, 17, 18, 19),
  range('38', '39', 14, 16, 17, 18, 19),
  // UnionPay
  range('62', '62', 16, 17, 18, 19),
  range('81', '81', 16, 17, 18, 19),
  // Maestro
  range('50', '50', 13, 14, 15, 16, 17, 18, 19),
  range('56', '58', 13, 14, 15, 16, 17, 18, 19),
  range('6304', '6304', 16, 17, 18, 19),
  range('639', '639', 13, 14, 15, 16, 17, 18, 19),
  range('67', '67', 13, 14, 15, 16, 17, 18, 19),
  // Mir
  range('2200', '2204', 16, 17, 18, 19),
  // RuPay
  range('60', '60', 16),
  range('82', '82', 16),
];

const isIssued = (number: string): boolean =>
  ISSUER_RANGES.some(({ first, last, lengths }) => {
    const prefix = number.slice(0, first.length);
    return prefix >= first && prefix <= last && lengths.includes(number.length);
  });

const LEAST_DIGITS = 13;
const MOST_DIGITS = 19;

interface Group {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

interface Candidate {
  readonly row: PrintedRow;
  readonly from: number;
  readonly to: number;
  readonly number: string;
  /** Grouped as cards print their numbers, or a run without any break that is long enough to be nothing else. */
  readonly isInLayout: boolean;
  readonly isGrouped: boolean;
}

/** Runs of digits that nothing but a sign or two parts. */
function sequencesOf(row: PrintedRow): readonly (readonly Group[])[] {
  return [...row.digits.matchAll(/\d+(?:[ .·–—_-]{1,2}\d+)*/g)].map((sequence) =>
    [...sequence[0].matchAll(/\d+/g)].map((group) => {
      const from = sequence.index + group.index;
      return { from, to: from + group[0].length, length: group[0].length };
    }),
  );
}

/** Group lengths as printed: fours (recognisers lose some of the spaces), and those of American Express, Diners and long Maestro numbers. */
function isCardLayout(lengths: readonly number[]): boolean {
  const shape = lengths.join('-');
  if (['4-6-5', '4-11', '10-5', '4-6-4', '4-10', '10-4', '6-13', '4-4-4-4-3', '4-4-4-4-2'].includes(shape))
    return true;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.length > 1 && total === 16 && lengths.every((length) => length % 4 === 0);
}

/** A run without breaks that is shorter than this may be any other number. */
const LEAST_UNBROKEN = 15;

/** What stands before numbers that are no card's: an IBAN's head, the access number of a chip, any identification. */
const NOT_A_CARD = /\b(?:[A-Z]{2}\s?\d{2}\s?|(?:CAN|ID)[\s.:]*(?:NO|NR|NUMBER|NUMMER)?[\s.:°#/]*)$/;

/** The first two letters and two digits of an IBAN (ISO 13616) may have been taken for a group of four digits. */
const isIbanHead = (group: string): boolean => /^[A-Z]{2}\d{2}$/.test(group);

function candidatesIn(row: PrintedRow): readonly Candidate[] {
  if (isZoneText(row.text)) return [];
  const found: Candidate[] = [];
  for (const groups of sequencesOf(row))
    for (let first = 0; first < groups.length; first++)
      for (let after = first + 1; after <= Math.min(groups.length, first + MOST_DIGITS); after++) {
        const candidate = candidateOf(row, groups, first, after);
        if (candidate) found.push(candidate);
      }
  return found;
}

function candidateOf(
  row: PrintedRow,
  groups: readonly Group[],
  first: number,
  after: number,
): Candidate | null {
  const own = groups.slice(first, after);
  const [head, tail] = [own[0], own.at(-1)];
  const digits = own.reduce((sum, group) => sum + group.length, 0);
  if (!head || !tail || digits < LEAST_DIGITS || digits > MOST_DIGITS) return null;
  const [before, behind] = [groups[first - 1], groups[after]];
  const lengths = own.map((group) => group.length);
  const isGrouped = isCardLayout(lengths);
  const isWhole = !before && !behind;
  // A group of four more, and it is a longer number of another kind.
  if (
    !isWhole &&
    (!(isGrouped || own.length === 1) || isPartOfMore(before, head) || isPartOfMore(behind, tail))
  )
    return null;
  const lead = row.text.slice(0, head.from);
  if (isIbanHead(row.text.slice(head.from, head.to)) || announcesOtherNumber(lead) || NOT_A_CARD.test(lead))
    return null;
  // A whole word may have been glued to the number in reading; a letter or two are part of another number.
  const isBounded = /(?:^|[^\p{L}\p{N}]|\p{L}{4})$/u.test(row.digits.slice(0, head.from));
  if (!isBounded || /[\p{L}\p{N}]/u.test(row.digits.charAt(tail.to))) return null;
  return {
    row,
    from: head.from,
    to: tail.to,
    number: row.digits.slice(head.from, tail.to).replace(/\D/g, ''),
    isInLayout: isGrouped || (own.length === 1 && digits >= LEAST_UNBROKEN),
    isGrouped,
  };
}

const isPartOfMore = (other: Group | undefined, own: Group): boolean =>
  other !== undefined && (other.length >= 4 || other.length === own.length);

/** Four groups of four below each other, as upright cards print them. */
function stackedIn(
  lines: readonly PrintedLine[],
): readonly { readonly number: string; readonly lines: readonly number[] }[] {
  const fours = lines
    .map((line, index) => ({ line, index, digits: readDigits(plainText(line.text)).trim() }))
    .filter(({ digits }) => /^\d{4}$/.test(digits))
    .sort((a, b) => a.line.middle - b.line.middle);
  const found: { number: string; lines: readonly number[] }[] = [];
  for (let top = 0; top + 4 <= fours.length; top++) {
    const stack = fours.slice(top, top + 4);
    const isColumn = stack.every(({ line }, place) => {
      const above = stack[place - 1]?.line;
      return (
        !above ||
        (Math.abs(line.left - above.left) <= line.height && line.middle - above.middle <= 4 * line.height)
      );
    });
    if (isColumn)
      found.push({
        number: stack.map(({ digits }) => digits).join(''),
        lines: stack.map(({ index }) => index),
      });
  }
  return found;
}

const NETWORKS =
  /\b(?:VISA|MASTERCARD|MASTER\sCARD|MAESTRO|AMERICAN\s?EXPRESS|AMEX|DISCOVER|JCB|DINERS\s?CLUB|UNION\s?PAY|RUPAY|MIR|CIRRUS|V\s?PAY|INTERAC|GIROCARD|BANCONTACT|CARTE\s?BLEUE|DANKORT|ELO)\b/;
const VALIDITY =
  /VALID\s?THRU|GOOD\s?THRU|EXPIRES\s?END|VALID\s?FROM|MONTH\s?\/\s?YEAR|\bMM\s?\/\s?YY\b|MEMBER\s?SINCE|VALABLE\s?JUSQU|GULTIG\s?BIS\s?ENDE|VALIDA?\s?HASTA/;
/** A month and a year in two digits that are no part of a longer date. */
const MONTH_AND_YEAR = /(?<![\d/.-])(?:0[1-9]|1[0-2])\s?\/\s?\d{2}(?![\d/.-])/;
const CARD_WORDS =
  /\b(?:DEBIT|CREDIT|PREPAID|DEBITO|CREDITO|DEBITKARTE|KREDITKARTE|CARTE\s?BANCAIRE|CVV2?|CVC2?|BANKCARD)\b|AUTHORI[SZ]ED\s?SIGNATURE|NOT\s?VALID\s?UNLESS\s?SIGNED|CARD\s?HOLDER/;

/** How many signs of a payment card, beside its number, stand on the page: 0–4. */
function cardSigns(text: string, digits: string): number {
  return [
    NETWORKS.test(text),
    VALIDITY.test(text),
    MONTH_AND_YEAR.test(digits),
    CARD_WORDS.test(text),
  ].filter(Boolean).length;
}

/** Words of identity documents, without spaces: each stands on no payment card. */
const IDENTITY_WORDS = [
  ...['PASSPORT', 'PASSEPORT', 'REISEPASS', 'PASAPORTE', 'PASSAPORTO', 'IDENTITYCARD', 'CARTEDIDENTITE'],
  ...[
    'NATIONALEDIDENTITE',
    'PERSONALAUSWEIS',
    'DOCUMENTONACIONALDEIDENTIDAD',
    'CARTADIDENTITA',
    'DOWODOSOBISTY',
  ],
  ...['DRIVINGLICEN', 'DRIVERLICEN', 'DRIVERSLICEN', 'PERMISDECONDUIRE', 'FUHRERSCHEIN', 'RESIDENCEPERMIT'],
  ...['DATEOFBIRTH', 'DATEDENAISSANCE', 'GEBURTSDATUM', 'FECHADENACIMIENTO', 'DATADINASCITA', 'BIRTHDATE'],
  ...['PLACEOFBIRTH', 'GEBURTSORT', 'LIEUDENAISSANCE', 'NATIONALITY', 'NATIONALITE', 'STAATSANGEHORIGKEIT'],
  ...['SURNAME', 'GIVENNAMES', 'DATEOFISSUE', 'DATEOFEXPIRY', 'PERSONALNO', 'PERSONALNUMBER'],
];

function identitySigns(lines: readonly PrintedLine[], text: string): number {
  if (lines.some((line) => isZoneText(plainText(line.text)))) return IDENTITY_WORDS.length;
  const squeezed = text.replace(/[^A-Z]/g, '');
  return IDENTITY_WORDS.filter((word) => squeezed.includes(word)).length;
}

interface Page {
  readonly candidates: readonly Candidate[];
  readonly stacks: ReturnType<typeof stackedIn>;
  readonly cardSigns: number;
  readonly identitySigns: number;
}

function pageOf(lines: readonly PrintedLine[]): Page {
  const rows = rowsOf(lines);
  const text = rows.map((row) => row.text).join('\n');
  return {
    candidates: rows.flatMap(candidatesIn),
    stacks: stackedIn(lines),
    cardSigns: cardSigns(text, rows.map((row) => row.digits).join('\n')),
    identitySigns: identitySigns(lines, text),
  };
}

const isCardNumber = (number: string): boolean => isIssued(number) && luhnHolds(number);

/** A number in an unusual shape is taken for a card's only where something else on the page says card. */
const isPan = ({ number, isInLayout }: Candidate, page: Page): boolean =>
  isCardNumber(number) && (isInLayout || page.cardSigns > 0);

/**
 * Numbers of payment cards (PAN, ISO/IEC 7812-1) anywhere on a page: 13–19 digits of a network's range whose Luhn digit holds, grouped
 * as cards group them; in other shapes where words of a card are in view too. Document numbers under their labels, telephone numbers,
 * IBANs and machine-readable zones are none.
 */
export function findCardNumbers(lines: readonly PrintedLine[]): readonly PrivateSpan[] {
  const page = pageOf(lines);
  const whole = (line: number) => ({ line, from: 0, to: lines[line]?.text.length ?? 0 });
  return [
    ...page.candidates
      .filter((candidate) => isPan(candidate, page))
      .flatMap(({ row, from, to }) => partsOf(row, from, to)),
    ...page.stacks.filter(({ number }) => isCardNumber(number)).flatMap((stack) => stack.lines.map(whole)),
  ].map(({ line, from, to }) => spanOf('payment_card', line, lines[line]?.text ?? '', from, to));
}

/**
 * Whether the document itself is a payment card, as opposed to one that lies in view beside an identity document: its number in layout,
 * and no words or zone of an identity document. A number of which one digit was misread, so that Luhn fails, is still a card's where
 * two further signs (network, validity, `MM/YY`, `DEBIT` and the like) say so: what is dropped cannot be kept by mistake.
 */
export function isPaymentCard(lines: readonly PrintedLine[]): boolean {
  const page = pageOf(lines);
  if (page.identitySigns > 1) return false;
  const isStacked = page.stacks.some(({ number }) => isCardNumber(number));
  const pans = page.candidates.filter((candidate) => isPan(candidate, page));
  if (page.identitySigns === 1) return pans.length > 0 && page.cardSigns > 1;
  if (isStacked || pans.some(({ isGrouped }) => isGrouped)) return true;
  if (pans.length > 0) return page.cardSigns > 0;
  return page.cardSigns > 1 && page.candidates.some(({ number, isGrouped }) => isGrouped && isIssued(number));
}

/** Digits that are enough for a card's number of which one was lost. */
const LONG_RUN = /\d(?:[ .·–—_-]{0,2}\d){11,}/g;

/** Lines in which the number of a payment card may stand that was not read as it is printed. */
export function doubtfulCardNumbers(lines: readonly PrintedLine[]): ReadonlySet<number> {
  return new Set(
    rowsOf(lines)
      .filter((row) => !isZoneText(row.text))
      .flatMap((row) =>
        [...row.digits.matchAll(LONG_RUN)].flatMap((match) =>
          partsOf(row, match.index, match.index + match[0].length).map(({ line }) => line),
        ),
      ),
  );
}
