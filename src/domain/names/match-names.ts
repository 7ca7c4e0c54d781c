import { compareNames } from './compare.js';
import { SENTENCES } from './sentences.js';
import { HARMLESS_RULES, type DocumentName, type NameMatch, type NameRule } from './types.js';
import type { Part, Word } from './words.js';

export type { DocumentName, NameMatch, NameOutcome, NameRule } from './types.js';

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
 * Symmetric in outcome and score for printed names of which both sides tell the surname apart: comparing `A, a` with the
 * document of B b gives what comparing `B, b` with the document of A a gives. A machine-readable zone may cut a name off,
 * the name asked for never is, so there the two sides are of different kinds.
 *
 * @param expectedFullName any case and Unicode form; Latin, Cyrillic, Greek, Arabic, Georgian or Armenian letters (a name in
 *   another script gives `uncertain` by `script_not_supported`, never a mismatch)
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
    return quoted.length > 0 ? `${SENTENCES[name]}: ${quoted.join(', ')}.` : `${SENTENCES[name]}.`;
  });
}

/** Whether the only doubt is that later given names of the document were not asked for, the first one being there. */
export const onlyOmitsGivenNames = (match: NameMatch): boolean =>
  match.outcome === 'uncertain' &&
  match.explanation.every(
    ({ rule: name }) =>
      name === 'given_names_omitted' || (HARMLESS_RULES as readonly NameRule[]).includes(name),
  );
