/**
 * What a comparison of the name asked for with the name on a document comes to.
 *
 * `match` leads to approval without a person, so it means: every word of either side is accounted for by a word of the
 * other, spelled alike under the transliteration of ICAO 9303-3 or the practice of an issuing state. Whatever is merely
 * plausible (an initial, a missing middle name, a slip of the pen) is `uncertain`, and a person looks. What contradicts is
 * `mismatch`.
 */
export type NameOutcome = 'match' | 'uncertain' | 'mismatch';

/** Findings that leave a match standing. */
export const HARMLESS_RULES = [
  'exact',
  'surname_first',
  'transliteration',
  'arabic_spelling',
  'joined_words',
  'particle_form',
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
  'patronymic_missing',
  'extra_surname',
  'particle_missing',
  'initial',
  'abbreviation',
  'romanization_variant',
  'vowels_not_written',
  'gendered_surname',
  'near_spelling',
  'reordered',
  'order_ambiguous',
  'suffix_missing',
  'truncated_word',
  'truncated_tail',
  'mixed_scripts',
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
