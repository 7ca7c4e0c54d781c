import { transliterationForms, wordsOf } from './transliteration.js';

/**
 * Compares the name asked for with the name on a document.
 *
 * `match` leads to approval without a person, so it means: every word of either side is accounted for by a word of the
 * other, spelled alike under the transliteration of ICAO 9303-3. Whatever is merely plausible (an initial, a missing
 * middle name, a slip of the pen) is `uncertain`, and a person looks. What contradicts is `mismatch`.
 */
export type NameOutcome = 'match' | 'uncertain' | 'mismatch';

/** Findings that leave a match standing. */
export const HARMLESS_RULES = [
  'exact',
  'surname_first',
  'transliteration',
  'joined_words',
  'particle_moved',
  'title_ignored',
  'married_name',
  'truncated_mrz',
] as const;

/** Findings that call for a person. */
export const DOUBT_RULES = [
  'given_names_omitted',
  'first_given_name_omitted',
  'given_names_missing',
  'surname_missing',
  'surname_part_missing',
  'extra_given_names',
  'extra_surname',
  'particle_missing',
  'initial',
  'abbreviation',
  'near_spelling',
  'reordered',
  'suffix_missing',
  'truncated_word',
  'truncated_tail',
  'script_not_supported',
  'name_not_read',
  'too_many_words',
] as const;

/** Findings that contradict. */
export const CONTRADICTION_RULES = [
  'different_surname',
  'different_given_names',
  'suffix_differs',
  'several_near_spellings',
  'nothing_in_common',
] as const;

export type NameRule =
  (typeof HARMLESS_RULES)[number] | (typeof DOUBT_RULES)[number] | (typeof CONTRADICTION_RULES)[number];

export interface NameExplanation {
  readonly rule: NameRule;
  /** Word positions, counted from 1 in the order written (`expected 1,2; surname 1`); never a word itself, so fit for a log. */
  readonly detail: string;
}

export interface NameMatch {
  readonly outcome: NameOutcome;
  /** 0–1: at least 0.9 for a match, 0.5 to below 0.9 for uncertain (0 where nothing could be compared), below 0.5 for a mismatch. */
  readonly score: number;
  readonly explanation: readonly NameExplanation[];
}

export interface DocumentName {
  /** Primary identifier; words separated by spaces or fillers. */
  readonly surname: string;
  /** Secondary identifier; empty where the document has one name only. */
  readonly givenNames: string;
  readonly source: 'mrz' | 'printed';
  /** Characters of the MRZ's name field (39 TD3 and MRV-A, 31 TD2 and MRV-B, 30 TD1), where the format is known. */
  readonly nameFieldLength?: number;
}

type Part = 'expected' | 'surname' | 'given_names';
type WordKind = 'plain' | 'particle' | 'connective' | 'suffix';

interface Word {
  readonly text: string;
  readonly forms: readonly string[];
  readonly part: Part;
  readonly position: number;
  readonly kind: WordKind;
  readonly weight: number;
}

interface Finding {
  readonly rule: NameRule;
  readonly words: readonly Word[];
}

interface Comparison {
  readonly outcome: NameOutcome;
  readonly score: number;
  readonly findings: readonly Finding[];
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that join a surname and carry little identity of their own. Their absence is doubt, not contradiction. */
const PARTICLES = setOf(
  'DE DEL DELA DELLA DELLE DEI DEGLI DI DA DO DAS DOS DU DES LA LE LAS LOS LES VAN VON VOM ZU ZUM ZUR DEN DER TEN TER ' +
    'TE HET AF AV AL EL UL AS AN ED AD IBN BIN BEN BINT BINTI BINTE ABU ABI UMM OULD WALAD Y E I O MAC MC FITZ SAN ST',
);
/** Words between a birth name and a married one; abbreviations of one word count as that word. */
const CONNECTIVES: Readonly<Record<string, string>> = {
  ...{
    EP: 'EPOUSE',
    EPS: 'EPOUSE',
    EPSE: 'EPOUSE',
    EPOUSE: 'EPOUSE',
    VVE: 'VEUVE',
    VEUVE: 'VEUVE',
    NEE: 'NEE',
  },
  ...{ GEB: 'GEBORENE', GEBORENE: 'GEBORENE', GEBOREN: 'GEBORENE', BORN: 'BORN', NATA: 'NATA' },
  ...{ VDA: 'VIUDA', VIUDA: 'VIUDA', ROZ: 'ROZENA', ROZENA: 'ROZENA' },
};
const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ JR: 'JR', JNR: 'JR', JUNIOR: 'JR', SR: 'SR', SNR: 'SR', SENIOR: 'SR', II: 'II', III: 'III', IV: 'IV' },
};
/** Forms of address and degrees, which are no part of a name (ICAO 9303-3, 3.4 keeps them out of the MRZ). */
const TITLES = setOf('DR PROF MR MRS MS MX SIR');
/** What some states print where there is no name. */
const NAME_PLACEHOLDERS = setOf('FNU LNU NFN NLN');
/** Abbreviations that stand on documents and forms as names. */
const ABBREVIATIONS: Readonly<Record<string, readonly string[]>> = {
  MA: ['MARIA'],
  MD: ['MOHAMMED', 'MOHAMMAD', 'MUHAMMAD', 'MOHAMED'],
  MOHD: ['MOHAMMED', 'MOHAMMAD', 'MUHAMMAD', 'MOHAMED'],
  MUHD: ['MOHAMMED', 'MOHAMMAD', 'MUHAMMAD', 'MOHAMED'],
};

/** No person's name on a document is longer; beyond it the comparison would cost time and mean nothing. */
const MAX_WORDS = 24;
const MAX_JOINED_WORDS = 4;
/** Name fields of ICAO 9303-5, -6 and -7 (MRV-B), and -4 and -7 (MRV-A). */
const LONGEST_NAME_FIELD = 39;
const NAME_FIELD_LENGTHS: readonly number[] = [30, 31, LONGEST_NAME_FIELD];
/** Letters of a cut word that must be seen before the rest of it is taken on trust. */
const MIN_CUT_LETTERS = 3;
const SMALL_WEIGHT = 0.5;

const keyOf = (word: Word): string => word.forms[0] ?? word.text;

function kindOf(key: string): WordKind {
  if (PARTICLES.has(key)) return 'particle';
  return Object.hasOwn(CONNECTIVES, key) ? 'connective' : 'plain';
}

function toWords(name: string, part: Part, offset = 0): readonly Word[] {
  return wordsOf(name).map((text, index) => {
    const forms = transliterationForms(text);
    const kind = kindOf(forms[0] ?? text);
    const weight = kind === 'plain' ? 1 : SMALL_WEIGHT;
    return { text, forms, part, position: offset + index + 1, kind, weight };
  });
}

const isSubstantive = (word: Word): boolean => word.kind === 'plain' || word.kind === 'suffix';

// --- Words against words -------------------------------------------------------------------------------------------

type Relation = 'same' | 'initial' | 'abbreviation' | 'near' | 'cut';

/** How much of a word counts as found. Only `same` can be part of a match. */
const RELATION_VALUE: Readonly<Record<Relation, number>> = {
  same: 1,
  near: 0.6,
  abbreviation: 0.6,
  initial: 0.5,
  cut: 0.5,
};

/** Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

function isNear(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 3) return false;
  const allowed = shorter >= 8 ? 2 : 1;
  return Math.abs(a.length - b.length) <= allowed && editDistance(a, b) <= allowed;
}

const anyPair = (
  a: readonly string[],
  b: readonly string[],
  test: (x: string, y: string) => boolean,
): boolean => a.some((x) => b.some((y) => test(x, y)));

const isAbbreviationOf = (short: string, long: string): boolean =>
  ABBREVIATIONS[short]?.includes(long) ?? false;
const isInitialOf = (short: string, long: string): boolean =>
  short.length === 1 && long.length > 1 && long.startsWith(short);

function relate(expected: Word, document: Word, truncated: boolean): Relation | null {
  const a = expected.forms;
  const b = document.forms;
  if (anyPair(a, b, (x, y) => x === y)) return 'same';
  const connective = CONNECTIVES[keyOf(expected)];
  if (connective !== undefined && connective === CONNECTIVES[keyOf(document)]) return 'same';
  if (anyPair(a, b, (x, y) => isInitialOf(x, y) || isInitialOf(y, x))) return 'initial';
  if (anyPair(a, b, (x, y) => isAbbreviationOf(x, y) || isAbbreviationOf(y, x))) return 'abbreviation';
  if (truncated && anyPair(a, b, (x, y) => x.startsWith(y))) return 'cut';
  return anyPair(a.slice(0, 8), b.slice(0, 8), isNear) ? 'near' : null;
}

/** Whether one word is the words of the other side written together (`MINJUN` and `MIN JUN`, `VANDERBERG` and `VAN DER BERG`). */
function isJoined(form: string, parts: readonly Word[]): boolean {
  const [head, ...rest] = parts;
  if (head === undefined) return form === '';
  return head.forms.some((part) => form.startsWith(part) && isJoined(form.slice(part.length), rest));
}

// --- Part against part ---------------------------------------------------------------------------------------------

interface Link {
  readonly relation: Relation | 'joined';
  readonly expected: readonly Word[];
  readonly document: readonly Word[];
}

interface Alignment {
  readonly value: number;
  readonly link?: Link;
  readonly rest?: Alignment;
}

const NOTHING: Alignment = { value: 0 };
const weightOf = (words: readonly Word[]): number => words.reduce((sum, word) => sum + word.weight, 0);

const valueOf = (link: Link): number =>
  (weightOf(link.expected) + weightOf(link.document)) *
  (link.relation === 'joined' ? 1 : RELATION_VALUE[link.relation]);

type Relate = (expected: Word, document: Word) => Relation | null;

/** Links that can begin at the first word of both sides. */
function linksAt(expected: readonly Word[], document: readonly Word[], relation: Relate): readonly Link[] {
  const [firstExpected] = expected;
  const [firstDocument] = document;
  if (firstExpected === undefined || firstDocument === undefined) return [];
  const links: Link[] = [];
  const pair = relation(firstExpected, firstDocument);
  if (pair !== null) links.push({ relation: pair, expected: [firstExpected], document: [firstDocument] });
  for (let count = 2; count <= MAX_JOINED_WORDS; count += 1) {
    const several = expected.slice(0, count);
    if (several.length === count && firstDocument.forms.some((form) => isJoined(form, several))) {
      links.push({ relation: 'joined', expected: several, document: [firstDocument] });
    }
    const severalOnDocument = document.slice(0, count);
    if (
      severalOnDocument.length === count &&
      firstExpected.forms.some((form) => isJoined(form, severalOnDocument))
    ) {
      links.push({ relation: 'joined', expected: [firstExpected], document: severalOnDocument });
    }
  }
  return links;
}

/** The order-preserving alignment that accounts for the greatest weight (dynamic programming over both suffixes). */
function align(expected: readonly Word[], document: readonly Word[], relation: Relate): readonly Link[] {
  const known = new Map<number, Alignment>();
  const from = (i: number, j: number): Alignment => {
    if (i >= expected.length || j >= document.length) return NOTHING;
    const key = i * (document.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    let best = from(i + 1, j);
    const skipped = from(i, j + 1);
    if (skipped.value > best.value) best = skipped;
    for (const link of linksAt(expected.slice(i), document.slice(j), relation)) {
      const rest = from(i + link.expected.length, j + link.document.length);
      const value = valueOf(link) + rest.value;
      if (value >= best.value) best = { value, link, rest };
    }
    known.set(key, best);
    return best;
  };
  const links: Link[] = [];
  for (let step: Alignment | undefined = from(0, 0); step !== undefined; step = step.rest) {
    if (step.link !== undefined) links.push(step.link);
  }
  return links;
}

interface PartResult {
  readonly links: readonly Link[];
  /** Pairs that agree, but stand in another order. */
  readonly moved: readonly (readonly [Word, Word])[];
  readonly leftExpected: readonly Word[];
  readonly leftDocument: readonly Word[];
}

function comparePart(expected: readonly Word[], document: readonly Word[], relation: Relate): PartResult {
  const links = align(expected, document, relation);
  const linked = new Set(links.flatMap((link) => [...link.expected, ...link.document]));
  const leftDocument = document.filter((word) => !linked.has(word));
  const moved: (readonly [Word, Word])[] = [];
  const leftExpected = expected.filter((word) => {
    if (linked.has(word)) return false;
    const index = leftDocument.findIndex((other) => relation(word, other) === 'same');
    const other = leftDocument[index];
    if (other === undefined) return true;
    leftDocument.splice(index, 1);
    moved.push([word, other]);
    return false;
  });
  return { links, moved, leftExpected, leftDocument };
}

// --- Reading a whole name one way ----------------------------------------------------------------------------------

interface Reading {
  readonly surname: readonly Word[];
  readonly givenNames: readonly Word[];
  readonly surnameFirst: boolean;
}

interface Sides {
  readonly surname: readonly Word[];
  readonly givenNames: readonly Word[];
  readonly expectedSuffix: readonly Word[];
  readonly documentSuffix: readonly Word[];
  readonly titles: readonly Word[];
  readonly totalWeight: number;
}

const rule = (name: NameRule, words: readonly Word[]): readonly Finding[] =>
  words.length > 0 ? [{ rule: name, words }] : [];

const withRelation = (parts: readonly PartResult[], relation: Link['relation']): readonly Word[] =>
  parts.flatMap((part) =>
    part.links
      .filter((link) => link.relation === relation)
      .flatMap((link) => [...link.expected, ...link.document]),
  );

/** Whether an agreement needed another spelling than the one that stands there. */
const isRespelled = (link: Link): boolean =>
  link.relation === 'same' && link.expected[0]?.text !== link.document[0]?.text;

/**
 * A particle that stands elsewhere in the surname (`BEETHOVEN VAN`) leaves the name what it is. Among given names, or
 * where nothing but particles is there, the same words may be names of their own (Vietnamese Van, Le, An).
 */
function movedParticles(surname: PartResult): readonly Word[] {
  const anchored = surname.links.some((link) => link.document.some(isSubstantive));
  const onlyParticles = surname.moved.every(([word]) => word.kind === 'particle');
  return anchored && onlyParticles ? surname.moved.flat() : [];
}

function harmlessFindings(
  reading: Reading,
  sides: Sides,
  parts: readonly [surname: PartResult, given: PartResult],
): readonly Finding[] {
  const links = parts.flatMap((part) => part.links);
  const connectives = links.flatMap((link) => link.document).filter((word) => word.kind === 'connective');
  return [
    ...rule('surname_first', reading.surnameFirst ? reading.surname.slice(0, 1) : []),
    ...rule(
      'transliteration',
      links.filter(isRespelled).flatMap((link) => [...link.expected, ...link.document]),
    ),
    ...rule('joined_words', withRelation(parts, 'joined')),
    ...rule('particle_moved', movedParticles(parts[0])),
    ...rule('married_name', connectives),
    ...rule('title_ignored', sides.titles),
  ];
}

/** The document has given names that nobody asked for. */
function omittedGivenNames(reading: Reading, sides: Sides, given: PartResult): readonly Finding[] {
  const omitted = given.leftDocument.filter(isSubstantive);
  if (omitted.length === 0) return [];
  if (reading.givenNames.length === 0) return rule('given_names_missing', omitted);
  // Brothers and sisters share a later name more often than the first, and a second name alone may be another's first.
  const [first] = sides.givenNames;
  const firstIsMissing = first !== undefined && omitted.includes(first);
  return rule(firstIsMissing ? 'first_given_name_omitted' : 'given_names_omitted', omitted);
}

function doubtFindings(
  reading: Reading,
  sides: Sides,
  surname: PartResult,
  given: PartResult,
): readonly Finding[] {
  const parts = [surname, given];
  const harmless = movedParticles(surname);
  const reordered = parts.flatMap((part) => part.moved.flat()).filter((word) => !harmless.includes(word));
  const missingSurname = surname.leftDocument.filter(isSubstantive);
  const small = parts
    .flatMap((part) => [...part.leftExpected, ...part.leftDocument])
    .filter((word) => !isSubstantive(word));
  return [
    ...omittedGivenNames(reading, sides, given),
    ...rule(reading.surname.length === 0 ? 'surname_missing' : 'surname_part_missing', missingSurname),
    ...rule('extra_given_names', given.leftExpected.filter(isSubstantive)),
    ...rule('extra_surname', surname.leftExpected.filter(isSubstantive)),
    ...rule('particle_missing', small),
    ...rule('initial', withRelation(parts, 'initial')),
    ...rule('abbreviation', withRelation(parts, 'abbreviation')),
    ...rule('near_spelling', withRelation(parts, 'near')),
    ...rule('truncated_word', withRelation(parts, 'cut')),
    ...rule('reordered', reordered),
  ];
}

function suffixFindings(sides: Sides): readonly Finding[] {
  const [expected] = sides.expectedSuffix;
  const [document] = sides.documentSuffix;
  if (expected === undefined && document === undefined) return [];
  const words = [...sides.expectedSuffix, ...sides.documentSuffix];
  if (expected === undefined || document === undefined) return rule('suffix_missing', words);
  return SUFFIXES[keyOf(expected)] === SUFFIXES[keyOf(document)] ? [] : rule('suffix_differs', words);
}

function contradictionFindings(surname: PartResult, given: PartResult): readonly Finding[] {
  const parts = [surname, given];
  const left = (side: 'leftExpected' | 'leftDocument', from: readonly PartResult[]) =>
    from.flatMap((part) => part[side]).filter(isSubstantive);
  const found: Finding[] = [];
  // A word on either side that the other lacks cannot be an omission: these are two names.
  if (left('leftExpected', parts).length > 0 && left('leftDocument', parts).length > 0) {
    const inSurname = [...left('leftExpected', [surname]), ...left('leftDocument', [surname])];
    const inGivenNames = [...left('leftExpected', [given]), ...left('leftDocument', [given])];
    found.push(...rule('different_surname', inSurname), ...rule('different_given_names', inGivenNames));
  }
  const near = parts.flatMap((part) => part.links).filter((link) => link.relation === 'near');
  if (near.length > 1) {
    found.push(
      ...rule(
        'several_near_spellings',
        near.flatMap((link) => [...link.expected, ...link.document]),
      ),
    );
  }
  const linked = parts.flatMap((part) => [
    ...part.links.flatMap((link) => link.document),
    ...part.moved.flat(),
  ]);
  const nothingLeft = parts.every((part) => part.leftExpected.length + part.leftDocument.length === 0);
  // A whole name may consist of words that are particles elsewhere: An, Le, Do, Ben.
  const common = linked.some(isSubstantive) || (linked.length > 0 && nothingLeft);
  if (!common) found.push({ rule: 'nothing_in_common', words: [] });
  return found;
}

function foundWeight(sides: Sides, parts: readonly PartResult[], suffix: readonly Finding[]): number {
  const linked = parts.flatMap((part) => part.links).reduce((sum, link) => sum + valueOf(link), 0);
  const moved = weightOf(parts.flatMap((part) => part.moved.flat()));
  return (
    linked + moved + (suffix.length === 0 ? weightOf([...sides.expectedSuffix, ...sides.documentSuffix]) : 0)
  );
}

/** What a harmless deviation takes off a match: shown to people, never enough to make it anything else. */
const DEVIATION_COST = 0.01;

function judge(reading: Reading, sides: Sides, relation: Relate): Comparison {
  const surname = comparePart(reading.surname, sides.surname, relation);
  const given = comparePart(reading.givenNames, sides.givenNames, relation);
  const parts = [surname, given] as const;
  const suffix = suffixFindings(sides);
  const harmless = harmlessFindings(reading, sides, parts);
  const contradictions = [
    ...contradictionFindings(surname, given),
    ...suffix.filter((finding) => finding.rule === 'suffix_differs'),
  ];
  const doubts = [
    ...doubtFindings(reading, sides, surname, given),
    ...suffix.filter((finding) => finding.rule === 'suffix_missing'),
  ];
  const share = foundWeight(sides, parts, suffix) / sides.totalWeight;
  if (contradictions.length > 0) {
    return { outcome: 'mismatch', score: 0.49 * share, findings: [...contradictions, ...doubts] };
  }
  if (doubts.length > 0) {
    return { outcome: 'uncertain', score: 0.5 + 0.39 * share, findings: [...doubts, ...harmless] };
  }
  const findings = harmless.length > 0 ? harmless : [{ rule: 'exact' as const, words: [] }];
  return { outcome: 'match', score: 1 - DEVIATION_COST * harmless.length, findings };
}

// --- Preparing both sides ------------------------------------------------------------------------------------------

interface ExpectedName {
  readonly words: readonly Word[];
  readonly suffix: readonly Word[];
  readonly titles: readonly Word[];
  /** How many words stand before a comma that sets the surname apart; 0 where there is none. */
  readonly surnameWords: number;
}

interface Untitled {
  readonly titles: readonly Word[];
  readonly words: readonly Word[];
}

function splitTitles(words: readonly Word[]): Untitled {
  const [first, ...rest] = words;
  if (first === undefined || rest.length === 0 || !TITLES.has(keyOf(first))) return { titles: [], words };
  const further = splitTitles(rest);
  return { titles: [first, ...further.titles], words: further.words };
}

const asSuffix = (word: Word): Word => ({ ...word, kind: 'suffix', weight: 1 });

function splitSuffix(words: readonly Word[]): {
  readonly words: readonly Word[];
  readonly suffix: readonly Word[];
} {
  const last = words.at(-1);
  if (last === undefined || words.length < 2 || !Object.hasOwn(SUFFIXES, keyOf(last)))
    return { words, suffix: [] };
  return { words: words.slice(0, -1), suffix: [asSuffix(last)] };
}

function parseExpected(fullName: string): ExpectedName {
  const comma = fullName.indexOf(',');
  const before = comma < 0 ? fullName : fullName.slice(0, comma);
  const head = toWords(before, 'expected');
  const tail = comma < 0 ? [] : toWords(fullName.slice(comma + 1), 'expected', head.length);
  const untitled = splitTitles(head);
  const ofHead = splitSuffix(untitled.words);
  const ofTail = splitSuffix(tail);
  // "King, Jr." has a comma, but nothing except the suffix after it: the order is then as open as without a comma.
  const [only, ...others] = tail;
  const isSuffixOnly = only !== undefined && others.length === 0 && Object.hasOwn(SUFFIXES, keyOf(only));
  const suffix = isSuffixOnly ? [asSuffix(only)] : [...ofHead.suffix, ...ofTail.suffix];
  const surname = isSuffixOnly ? untitled.words : ofHead.words;
  const rest = isSuffixOnly ? [] : ofTail.words;
  return {
    words: [...surname, ...rest],
    suffix,
    titles: untitled.titles,
    surnameWords: rest.length > 0 ? surname.length : 0,
  };
}

/** Every way to tell surname and given names apart, the likeliest first, so that it is the one explained among equals. */
function readingsOf(expected: ExpectedName, surnameWordsOnDocument: number): readonly Reading[] {
  const { words, surnameWords } = expected;
  const surnameFirst = (count: number): Reading => ({
    surname: words.slice(0, count),
    givenNames: words.slice(count),
    surnameFirst: true,
  });
  if (surnameWords > 0) return [surnameFirst(surnameWords)];
  const givenFirst = (count: number): Reading => ({
    surname: words.slice(count),
    givenNames: words.slice(0, count),
    surnameFirst: false,
  });
  const counts = Array.from({ length: words.length + 1 }, (_, count) => count);
  const distance = (reading: Reading) => Math.abs(reading.surname.length - surnameWordsOnDocument);
  return [...counts.map(givenFirst), ...counts.slice(1, -1).map(surnameFirst)].sort(
    (a, b) => distance(a) - distance(b),
  );
}

function sidesOf(expected: ExpectedName, document: DocumentName): Sides {
  const named = (name: string, part: Part) =>
    splitTitles(toWords(name, part).filter((word) => !NAME_PLACEHOLDERS.has(word.text)));
  const surname = named(document.surname, 'surname');
  const givenNames = named(document.givenNames, 'given_names');
  const surnameAndSuffix = splitSuffix(surname.words);
  const givenAndSuffix = splitSuffix(givenNames.words);
  const documentSuffix = [...surnameAndSuffix.suffix, ...givenAndSuffix.suffix];
  return {
    surname: surnameAndSuffix.words,
    givenNames: givenAndSuffix.words,
    expectedSuffix: expected.suffix,
    documentSuffix,
    titles: [...expected.titles, ...surname.titles, ...givenNames.titles],
    totalWeight: weightOf([
      ...expected.words,
      ...expected.suffix,
      ...surnameAndSuffix.words,
      ...givenAndSuffix.words,
      ...documentSuffix,
    ]),
  };
}

// --- Names that do not fit into the machine-readable zone ------------------------------------------------------------

const mrzText = (name: string): string => name.trim().replace(/ /g, '<');

function nameFieldOf(document: DocumentName): string {
  const given = mrzText(document.givenNames);
  return given === '' ? mrzText(document.surname) : `${mrzText(document.surname)}<<${given}`;
}

/** A name field without a filler at its end may have been cut (ICAO 9303-3, 4.6). */
function isTruncated(document: DocumentName): boolean {
  if (document.source !== 'mrz') return false;
  const { length } = nameFieldOf(document);
  return document.nameFieldLength === undefined
    ? NAME_FIELD_LENGTHS.includes(length)
    : length >= document.nameFieldLength;
}

interface Cut {
  readonly seenLetters: number;
  /** The word at whose beginning or inside which the field ends, and how much of it stands there. */
  readonly word: Word;
  readonly lettersOfWord: number;
  readonly hidden: readonly Word[];
}

/** Follows the field through the words of a reading; `null` where they part before the field ends, or it ends last. */
function followField(
  field: string,
  words: readonly (readonly [Word, separator: string])[],
  seen = 0,
): Cut | null {
  const [head, ...rest] = words;
  if (head === undefined) return null;
  const [word, separator] = head;
  for (const form of word.forms) {
    if (form.length > field.length && form.startsWith(field)) {
      return {
        seenLetters: seen + field.length,
        word,
        lettersOfWord: field.length,
        hidden: rest.map(([next]) => next),
      };
    }
    if (form === field && rest.length > 0) {
      return {
        seenLetters: seen + form.length,
        word,
        lettersOfWord: form.length,
        hidden: rest.map(([next]) => next),
      };
    }
    const start = form + separator;
    if (field.startsWith(start) && field.length > start.length) {
      const cut = followField(field.slice(start.length), rest, seen + form.length);
      if (cut !== null) return cut;
    }
  }
  return null;
}

const UNCERTAIN_WHEN_CUT = 0.6;

/** The prefix rule: a full field that agrees letter by letter up to its end. */
function judgeTruncated(reading: Reading, field: string, isSurelyFull: boolean): Comparison | null {
  const { surname, givenNames } = reading;
  const separated = (words: readonly Word[], end: string) =>
    words.map((word, index) => [word, index === words.length - 1 ? end : '<'] as const);
  const cut = followField(field, [...separated(surname, '<<'), ...separated(givenNames, '')]);
  if (cut === null) return null;
  const firstGiven = givenNames[0];
  const order = rule('surname_first', reading.surnameFirst ? surname.slice(0, 1) : []);
  const identifies = givenNames.includes(cut.word) && cut.word !== firstGiven;
  // Brothers may differ in what lies beyond the cut: only the rest of a word that has clearly begun is taken on trust.
  if (isSurelyFull && identifies && cut.hidden.length === 0 && cut.lettersOfWord >= MIN_CUT_LETTERS) {
    return {
      outcome: 'match',
      score: 0.93,
      findings: [{ rule: 'truncated_mrz', words: [cut.word] }, ...order],
    };
  }
  const letters = [...surname, ...givenNames].reduce((sum, word) => sum + keyOf(word).length, 0);
  const score = UNCERTAIN_WHEN_CUT + 0.29 * Math.min(1, cut.seenLetters / letters);
  return {
    outcome: 'uncertain',
    score,
    findings: [{ rule: 'truncated_tail', words: [cut.word, ...cut.hidden] }],
  };
}

// --- The whole -----------------------------------------------------------------------------------------------------

const nothingToCompare = (name: NameRule, words: readonly Word[] = []): Comparison => ({
  outcome: 'uncertain',
  score: 0,
  findings: [{ rule: name, words }],
});

/** The first of the best, so that the order of the readings settles what is explained. */
const bestOf = (comparisons: readonly Comparison[]): Comparison =>
  comparisons.reduce((best, next) => (next.score > best.score ? next : best));

function compareNames(expectedFullName: string, document: DocumentName): Comparison {
  const expected = parseExpected(expectedFullName);
  const sides = sidesOf(expected, document);
  const onDocument = [...sides.surname, ...sides.givenNames];
  if (onDocument.length === 0 || expected.words.length === 0) return nothingToCompare('name_not_read');
  if (expected.words.length > MAX_WORDS || onDocument.length > MAX_WORDS)
    return nothingToCompare('too_many_words');
  const unreadable = [...expected.words, ...onDocument].filter((word) => word.forms.length === 0);
  if (unreadable.length > 0) return nothingToCompare('script_not_supported', unreadable);

  const truncated = isTruncated(document);
  const relations = new Map<Word, Map<Word, Relation | null>>();
  const relation: Relate = (a, b) => {
    const row = relations.get(a) ?? new Map<Word, Relation | null>();
    relations.set(a, row);
    const known = row.get(b);
    if (known !== undefined) return known;
    const found = relate(a, b, truncated);
    row.set(b, found);
    return found;
  };

  const field = nameFieldOf(document);
  // A generational suffix or a title would have to be found inside the cut field: the general comparison then decides.
  const prefixRule =
    truncated && sides.expectedSuffix.length + sides.documentSuffix.length + sides.titles.length === 0;
  const readings = readingsOf(expected, sides.surname.length);
  const whole = bestOf(readings.map((reading) => judge(reading, sides, relation)));
  if (whole.outcome === 'match' || !prefixRule) return whole;
  // Thirty characters may be a full TD1 field, or a name of that length in the longer field of a passport.
  const isSurelyFull = document.nameFieldLength !== undefined || field.length >= LONGEST_NAME_FIELD;
  // A field that agrees up to its end says more than what the general comparison makes of its last, mutilated word.
  const cuts = readings
    .map((reading) => judgeTruncated(reading, field, isSurelyFull))
    .filter((cut) => cut !== null);
  return cuts.length > 0 ? bestOf(cuts) : whole;
}

function positionsOf(words: readonly Word[]): string {
  const parts: readonly Part[] = ['expected', 'surname', 'given_names'];
  return parts
    .map((part) => ({ part, at: words.filter((word) => word.part === part).map((word) => word.position) }))
    .filter(({ at }) => at.length > 0)
    .map(({ part, at }) => `${part} ${[...new Set(at)].sort((a, b) => a - b).join(',')}`)
    .join('; ');
}

/**
 * Compares a full name, as the platform gave it, with the two identifiers of a document (ICAO 9303-3, 3.4 and 4.6).
 * The order of the full name is open unless a comma sets the surname apart (`Kim, Min-jun`). Pure; quotes no name.
 *
 * @param expectedFullName any case; Latin or Cyrillic letters (other scripts give `uncertain`, `script_not_supported`)
 * @returns the best reading's outcome; see {@link NameOutcome} for what each leads to
 */
export function matchNames(expectedFullName: string, document: DocumentName): NameMatch {
  const { outcome, score, findings } = compareNames(expectedFullName, document);
  return {
    outcome,
    score: Math.round(score * 1000) / 1000,
    explanation: findings.map((finding) => ({ rule: finding.rule, detail: positionsOf(finding.words) })),
  };
}

const SENTENCES: Readonly<Record<NameRule, string>> = {
  exact: 'Every word agrees.',
  surname_first: 'The surname stands first in the name asked for',
  transliteration: 'Spelled differently, the same by ICAO 9303-3',
  joined_words: 'Written together on one side and apart on the other',
  particle_moved: 'A particle stands in another place',
  title_ignored: 'A title was left out of account',
  married_name: 'A birth name and a married name are joined',
  truncated_mrz: 'The machine-readable zone is full and cuts this word short; what it shows agrees',
  given_names_omitted: 'The document has further given names',
  first_given_name_omitted: 'The first given name of the document was not asked for',
  given_names_missing: 'No given name was asked for, but the document has some',
  surname_missing: 'No surname was asked for, but the document has one',
  surname_part_missing: 'The document has a further surname',
  extra_given_names: 'Asked for, but not among the given names of the document',
  extra_surname: 'Asked for, but not in the surname of the document',
  particle_missing: 'A particle or a connective stands on one side only',
  initial: 'An initial stands for a name',
  abbreviation: 'An abbreviation stands for a name',
  near_spelling: 'The spelling differs slightly',
  reordered: 'The same names in another order',
  suffix_missing: 'A generational suffix stands on one side only',
  truncated_word: 'The machine-readable zone cuts this word short',
  truncated_tail: 'The machine-readable zone is full; what lies behind its end cannot be seen',
  script_not_supported: 'This script cannot be compared by machine',
  name_not_read: 'There is no name to compare.',
  too_many_words: 'The name has too many words to compare by machine.',
  different_surname: 'The surnames differ',
  different_given_names: 'The given names differ',
  suffix_differs: 'The generational suffixes differ',
  several_near_spellings: 'Several words are spelled differently',
  nothing_in_common: 'No word agrees.',
};

/**
 * The explanation in sentences that quote the words they are about: for a reviewer's screen only, never for a log or
 * an event. The words on the document are an attacker's text: show them as text.
 */
export function describeNameMatch(expectedFullName: string, document: DocumentName): readonly string[] {
  return compareNames(expectedFullName, document).findings.map(({ rule: name, words }) => {
    const quote = (side: readonly Word[]) => side.map((word) => word.text).join(' ');
    const asked = quote(words.filter((word) => word.part === 'expected'));
    const shown = quote(words.filter((word) => word.part !== 'expected'));
    const quoted = [asked && `asked for “${asked}”`, shown && `document “${shown}”`].filter(
      (text) => text !== '',
    );
    return quoted.length > 0 ? `${SENTENCES[name]}: ${quoted.join(', ')}.` : SENTENCES[name];
  });
}

/** Whether the only doubt is that later given names of the document were not asked for, the first one being there. */
export const onlyOmitsGivenNames = (match: NameMatch): boolean =>
  match.outcome === 'uncertain' &&
  match.explanation.every(
    ({ rule: name }) =>
      name === 'given_names_omitted' || (HARMLESS_RULES as readonly NameRule[]).includes(name),
  );
