import { withoutMarks } from '../transliteration/text.js';
import { comparePart, type PartResult } from './align.js';
import { valueOf, type Link, type Linker } from './link.js';

import type { Reading, Sides } from './readings.js';
import { isPatronymic } from './romanization.js';
import type { NameOutcome, NameRule } from './types.js';
import { EITHER_NAME, SUFFIXES } from './vocabulary.js';
import { isSubstantive, keyOf, mixesScripts, weightOf, type Word } from './words.js';

export interface Finding {
  readonly rule: NameRule;
  readonly words: readonly Word[];
}

export interface Comparison {
  readonly outcome: NameOutcome;
  readonly score: number;
  readonly findings: readonly Finding[];
}

export const rule = (name: NameRule, words: readonly Word[]): readonly Finding[] =>
  words.length > 0 ? [{ rule: name, words }] : [];

/** Everything that one reading of the name asked for comes to. */
interface Case {
  readonly reading: Reading;
  readonly sides: Sides;
  readonly surname: PartResult;
  readonly given: PartResult;
}

const partsOf = ({ surname, given }: Case): readonly PartResult[] => [surname, given];
const linksOf = (of: Case): readonly Link[] => partsOf(of).flatMap((part) => part.links);
const wordsOfLinks = (links: readonly Link[]): readonly Word[] =>
  links.flatMap((link) => [...link.expected, ...link.document]);
const withRelation = (of: Case, ...relations: readonly Link['relation'][]): readonly Word[] =>
  wordsOfLinks(linksOf(of).filter((link) => relations.includes(link.relation)));

// --- Findings that leave a match standing -----------------------------------------------------------------------------

const unmarked = (words: readonly Word[]): string => withoutMarks(words[0]?.text ?? '');

/** Whether an agreement needed another spelling than the one that stands there; a mark left out makes none. */
const isRespelled = (link: Link): boolean =>
  link.relation === 'same' && unmarked(link.expected) !== unmarked(link.document);

/**
 * A particle that stands elsewhere in the surname (`BEETHOVEN VAN`) leaves the name what it is. Among given names, or
 * where nothing but particles is there, the same words may be names of their own (Vietnamese Van, Le, An).
 */
function movedParticles({ surname, reading }: Case): readonly Word[] {
  // `ALI BIN HASSAN` read as a surname "Ali bin" would turn a son into his father.
  if (reading.surnameFirst && !reading.isGiven) return [];
  const anchored = surname.links.some((link) => link.document.some(isSubstantive));
  const onlyParticles = surname.moved.every(([word]) => word.kind === 'particle');
  return anchored && onlyParticles ? surname.moved.flat() : [];
}

const surnameWords = ({ reading, sides }: Case): readonly Word[] =>
  sides.expected.slice(reading.surname.start, reading.surname.end);

/** Nothing in the name itself says that the surname stands first, and each word could as well be the other kind. */
const isOrderAmbiguous = ({ reading, sides }: Case): boolean =>
  reading.surnameFirst && !reading.isGiven && sides.expected.every((word) => EITHER_NAME.has(keyOf(word)));

function harmlessFindings(of: Case): readonly Finding[] {
  const links = linksOf(of);
  const connectives = links.flatMap((link) => link.document).filter((word) => word.kind === 'connective');
  const isFirst = of.reading.surnameFirst && !isOrderAmbiguous(of);
  return [
    ...rule('surname_first', isFirst ? surnameWords(of).slice(0, 1) : []),
    ...rule('transliteration', wordsOfLinks(links.filter(isRespelled))),
    ...rule('arabic_spelling', withRelation(of, 'arabic', 'servant')),
    ...rule('joined_words', withRelation(of, 'joined')),
    ...rule('particle_form', withRelation(of, 'particle_form')),
    ...rule('particle_moved', movedParticles(of)),
    ...rule('married_name', connectives),
    ...rule('title_ignored', of.sides.titles),
  ];
}

// --- Doubts ----------------------------------------------------------------------------------------------------------

/** The document has given names that nobody asked for. */
function omittedGivenNames({ reading, sides, given }: Case): readonly Finding[] {
  const omitted = given.leftDocument.filter(isSubstantive);
  if (omitted.length === 0) return [];
  const { start, end } = reading.givenNames;
  if (start === end) return rule('given_names_missing', omitted);
  if (omitted.every((word) => isPatronymic(keyOf(word)))) return rule('patronymic_missing', omitted);
  // Brothers and sisters share a later name more often than the first, and a second name alone may be another's first.
  const first = sides.document[sides.surnameWords];
  const firstIsMissing = first !== undefined && omitted.includes(first);
  return rule(firstIsMissing ? 'first_given_name_omitted' : 'given_names_omitted', omitted);
}

function doubtFindings(of: Case): readonly Finding[] {
  const { reading, surname, given, sides } = of;
  const parts = partsOf(of);
  const harmless = movedParticles(of);
  const reordered = parts.flatMap((part) => part.moved.flat()).filter((word) => !harmless.includes(word));
  const missingSurname = surname.leftDocument.filter(isSubstantive);
  const small = parts
    .flatMap((part) => [...part.leftExpected, ...part.leftDocument])
    .filter((word) => !isSubstantive(word));
  const extraGiven = given.leftExpected.filter(isSubstantive);
  const fathers = extraGiven.filter((word) => isPatronymic(keyOf(word)));
  const hasSurname = reading.surname.end > reading.surname.start;
  return [
    ...omittedGivenNames(of),
    ...rule(hasSurname ? 'surname_part_missing' : 'surname_missing', missingSurname),
    ...rule('patronymic_missing', fathers),
    ...rule(
      'extra_given_names',
      extraGiven.filter((word) => !fathers.includes(word)),
    ),
    ...rule('extra_surname', surname.leftExpected.filter(isSubstantive)),
    ...rule('particle_missing', small),
    ...rule('initial', withRelation(of, 'initial')),
    ...rule('abbreviation', withRelation(of, 'abbreviation')),
    ...rule('romanization_variant', withRelation(of, 'romanized')),
    ...rule('vowels_not_written', withRelation(of, 'consonants')),
    ...rule('gendered_surname', withRelation(of, 'gendered')),
    ...rule('near_spelling', withRelation(of, 'near')),
    ...rule('truncated_word', withRelation(of, 'cut')),
    ...rule('reordered', reordered),
    ...rule('order_ambiguous', isOrderAmbiguous(of) ? sides.expected : []),
    ...rule('mixed_scripts', sides.expected.filter(mixesScripts)),
  ];
}

function suffixFindings({ expectedSuffix, documentSuffix }: Sides): readonly Finding[] {
  const [expected] = expectedSuffix;
  const [document] = documentSuffix;
  if (expected === undefined && document === undefined) return [];
  const words = [...expectedSuffix, ...documentSuffix];
  if (expected === undefined || document === undefined) return rule('suffix_missing', words);
  return SUFFIXES[keyOf(expected)] === SUFFIXES[keyOf(document)] ? [] : rule('suffix_differs', words);
}

// --- Contradictions --------------------------------------------------------------------------------------------------

function contradictionFindings(of: Case): readonly Finding[] {
  const { surname, given } = of;
  const parts = partsOf(of);
  const left = (side: 'leftExpected' | 'leftDocument', from: readonly PartResult[]) =>
    from.flatMap((part) => part[side]).filter(isSubstantive);
  const found: Finding[] = [];
  // A word on either side that the other lacks cannot be an omission: these are two names.
  if (left('leftExpected', parts).length > 0 && left('leftDocument', parts).length > 0) {
    const inSurname = [...left('leftExpected', [surname]), ...left('leftDocument', [surname])];
    const inGivenNames = [...left('leftExpected', [given]), ...left('leftDocument', [given])];
    found.push(...rule('different_surname', inSurname), ...rule('different_given_names', inGivenNames));
  }
  const near = linksOf(of).filter((link) => link.relation === 'near');
  if (near.length > 1) found.push(...rule('several_near_spellings', wordsOfLinks(near)));
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

// --- The judgement -----------------------------------------------------------------------------------------------------

function foundWeight(of: Case, suffix: readonly Finding[]): number {
  const { sides } = of;
  const linked = linksOf(of).reduce((sum, link) => sum + valueOf(link), 0);
  const moved = weightOf(partsOf(of).flatMap((part) => part.moved.flat()));
  const agreeing = suffix.length === 0 ? [...sides.expectedSuffix, ...sides.documentSuffix] : [];
  return linked + moved + weightOf(agreeing);
}

/** What a harmless deviation takes off a match: shown to people, never enough to make it anything else. */
const DEVIATION_COST = 0.01;
export const LOWEST_MATCH = 0.9;
/** Uncertain runs from here to just below a match, by the share of both names that is accounted for; a mismatch lies below. */
export const LOWEST_UNCERTAIN = 0.5;
export const UNCERTAIN_SPAN = 0.39;
const MISMATCH_SPAN = 0.49;

export function judge(reading: Reading, sides: Sides, linker: Linker): Comparison {
  const words = { expected: sides.expected, document: sides.document };
  const onDocument = {
    surname: { start: 0, end: sides.surnameWords },
    given: { start: sides.surnameWords, end: sides.document.length },
  };
  const of: Case = {
    reading,
    sides,
    surname: comparePart(words, reading.surname, onDocument.surname, linker),
    given: comparePart(words, reading.givenNames, onDocument.given, linker),
  };
  const suffix = suffixFindings(sides);
  const harmless = harmlessFindings(of);
  const isContradiction = ({ rule: name }: Finding): boolean => name === 'suffix_differs';
  const contradictions = [...contradictionFindings(of), ...suffix.filter(isContradiction)];
  const doubts = [...doubtFindings(of), ...suffix.filter((finding) => !isContradiction(finding))];
  const share = foundWeight(of, suffix) / sides.totalWeight;
  if (contradictions.length > 0) {
    return { outcome: 'mismatch', score: MISMATCH_SPAN * share, findings: [...contradictions, ...doubts] };
  }
  if (doubts.length > 0) {
    const score = LOWEST_UNCERTAIN + UNCERTAIN_SPAN * share;
    return { outcome: 'uncertain', score, findings: [...doubts, ...harmless] };
  }
  const findings = harmless.length > 0 ? harmless : [{ rule: 'exact' as const, words: [] }];
  const score = Math.max(LOWEST_MATCH, 1 - DEVIATION_COST * harmless.length);
  return { outcome: 'match', score, findings };
}
