import { arabicNamesSpelled } from './arabic-names.js';
import { isAgreement, relate, RELATION_VALUE, type Relation } from './relate.js';
import { ARTICLES, PARTICLE_CLASSES, SUN_LETTERS } from './vocabulary.js';
import { keyOf, weightOf, type Word } from './words.js';

/** Words of the name asked for that words of the document account for. */
export interface Link {
  readonly relation: Relation | 'joined' | 'particle_form' | 'servant';
  readonly expected: readonly Word[];
  readonly document: readonly Word[];
  /** Holds only where the next words of both sides belong to the same part and agree. */
  readonly needsNext: boolean;
}

const FULL = 1;

export const valueOf = ({ relation, expected, document }: Link): number =>
  (weightOf(expected) + weightOf(document)) *
  (relation === 'joined' || relation === 'particle_form' || relation === 'servant'
    ? FULL
    : RELATION_VALUE[relation]);

const MAX_JOINED_WORDS = 4;

// --- Particles written as they are heard ------------------------------------------------------------------------------

/** Whether a word is the Arabic article that took on the sound of the next one (`AR RASHID`). */
const isAssimilated = (text: string, next: string): boolean =>
  SUN_LETTERS.some((sun) => next.startsWith(sun) && ['A', 'E', 'U'].some((vowel) => text === vowel + sun));

function particleClass(word: Word, next: Word | undefined): string | undefined {
  const key = keyOf(word);
  return (
    PARTICLE_CLASSES[key] ?? (next !== undefined && isAssimilated(key, keyOf(next)) ? 'article' : undefined)
  );
}

// --- Written together ---------------------------------------------------------------------------------------------------

const articlesBefore = (next: string): readonly string[] => [
  ...ARTICLES,
  ...SUN_LETTERS.filter((sun) => next.startsWith(sun)).flatMap((sun) => [`A${sun}`, `E${sun}`]),
];

/** Shorter names than this would let an article turn one name into another: Alena, Elena. */
const MIN_AFTER_ARTICLE = 4;

function isJoinedForm(form: string, parts: readonly Word[]): boolean {
  const [head, ...rest] = parts;
  if (head === undefined) return form === '';
  return head.forms.some((part) => form.startsWith(part) && isJoinedForm(form.slice(part.length), rest));
}

/** An initial joins nothing (`AL I` is not `ALI`), unless all are initials, or it is a syllable before a longer one (`A REUM`, `O NEIL`). */
function mayJoin(parts: readonly Word[]): boolean {
  const lengths = parts.map((word) => keyOf(word).length);
  if (lengths.every((length) => length === 1)) return true;
  return lengths.slice(1).every((length) => length > 1) && (lengths[0] !== 1 || (lengths[1] ?? 0) >= 3);
}

/** Whether one word is the words of the other side written together (`MINJUN` and `MIN JUN`, `VANDERBERG` and `VAN DER BERG`). */
function isJoined(whole: Word, parts: readonly Word[]): boolean {
  if (!mayJoin(parts)) return false;
  if (whole.forms.some((form) => isJoinedForm(form, parts))) return true;
  const [article, name, ...others] = parts;
  if (article === undefined || name === undefined || others.length > 0) return false;
  if (particleClass(article, name) !== 'article') return false;
  return name.forms.some(
    (form) =>
      form.length >= MIN_AFTER_ARTICLE &&
      articlesBefore(form).some((written) => whole.forms.includes(written + form)),
  );
}

// --- Abd al-, the servant of -----------------------------------------------------------------------------------------

const SERVANT = /^ABD(?:OU|[AEIOU])(.+)$/;
const MIN_SERVED = 3;
const MAX_SERVANT_WORDS = 3;

interface Compound {
  readonly words: readonly Word[];
  /** What follows Abd al-. */
  readonly name: string;
}

/** What follows the article, whether it is written as it stands (`ABDULRAHMAN`) or as it is heard (`ABDURRAHMAN`). */
function servedName(letters: string): string | null {
  const rest = SERVANT.exec(letters)?.[1] ?? '';
  const sun = SUN_LETTERS.find((letter) => rest.startsWith(letter + letter));
  const article = rest.startsWith('L') ? 1 : (sun?.length ?? 0);
  const name = article === 0 ? '' : rest.slice(article);
  return name.length < MIN_SERVED ? null : name;
}

/** `ABD AL RAHMAN`, `ABDUL RAHMAN`, `ABDURRAHMAN`: one name of one to three words. */
function compoundsAt(words: readonly Word[], start: number): readonly Compound[] {
  const [first] = words.slice(start);
  if (first?.forms[0]?.startsWith('ABD') !== true) return [];
  const found: Compound[] = [];
  for (let count = 1; count <= MAX_SERVANT_WORDS && start + count <= words.length; count += 1) {
    const taken = words.slice(start, start + count);
    const name = servedName(taken.map(keyOf).join(''));
    if (name !== null) found.push({ words: taken, name });
  }
  return found;
}

function isSameName(a: string, b: string): boolean {
  if (a === b) return true;
  const [first, ...further] = arabicNamesSpelled(a);
  const others = arabicNamesSpelled(b);
  return further.length === 0 && others.length === 1 && others[0] === first;
}

// --- All links --------------------------------------------------------------------------------------------------------------

export interface Linker {
  readonly relation: (i: number, j: number) => Relation | null;
  /** Links that begin at word `i` of the name asked for and word `j` of the document. */
  readonly linksAt: (i: number, j: number) => readonly Link[];
}

/** Relates all words of one side to all of the other, each pair once, whatever the number of readings. */
export function makeLinker(expected: readonly Word[], document: readonly Word[], truncated: boolean): Linker {
  const width = document.length;
  const relations = new Map<number, Relation | null>();
  const known = new Map<number, readonly Link[]>();

  const relation = (i: number, j: number): Relation | null => {
    const key = i * width + j;
    const before = relations.get(key);
    if (before !== undefined) return before;
    const [a, b] = [expected[i], document[j]];
    const found = a && b ? relate(a, b, truncated) : null;
    relations.set(key, found);
    return found;
  };

  function particleLink(i: number, j: number): readonly Link[] {
    const [a, b, nextA, nextB] = [expected[i], document[j], expected[i + 1], document[j + 1]];
    if (!a || !b || !nextA || !nextB || keyOf(a) === keyOf(b)) return [];
    const kind = particleClass(a, nextA);
    if (kind === undefined || kind !== particleClass(b, nextB)) return [];
    const nextKind = particleClass(nextA, expected[i + 2]);
    const agrees =
      isAgreement(relation(i + 1, j + 1)) ||
      (nextKind !== undefined && nextKind === particleClass(nextB, document[j + 2]));
    return agrees ? [{ relation: 'particle_form', expected: [a], document: [b], needsNext: true }] : [];
  }

  function joinedLinks(i: number, j: number): readonly Link[] {
    const [a, b] = [expected[i], document[j]];
    if (!a || !b) return [];
    const links: Link[] = [];
    for (let count = 2; count <= MAX_JOINED_WORDS; count += 1) {
      const several = expected.slice(i, i + count);
      if (several.length === count && isJoined(b, several))
        links.push({ relation: 'joined', expected: several, document: [b], needsNext: false });
      const severalOnDocument = document.slice(j, j + count);
      if (severalOnDocument.length === count && isJoined(a, severalOnDocument))
        links.push({ relation: 'joined', expected: [a], document: severalOnDocument, needsNext: false });
    }
    return links;
  }

  const servantLinks = (i: number, j: number): readonly Link[] =>
    compoundsAt(expected, i).flatMap((a) =>
      compoundsAt(document, j)
        .filter((b) => isSameName(a.name, b.name))
        .map((b): Link => ({ relation: 'servant', expected: a.words, document: b.words, needsNext: false })),
    );

  function linksFrom(i: number, j: number): readonly Link[] {
    const [a, b] = [expected[i], document[j]];
    if (!a || !b) return [];
    const pair = relation(i, j);
    const single: readonly Link[] =
      pair === null ? [] : [{ relation: pair, expected: [a], document: [b], needsNext: false }];
    return [...single, ...particleLink(i, j), ...servantLinks(i, j), ...joinedLinks(i, j)];
  }

  return {
    relation,
    linksAt: (i, j) => {
      const key = i * width + j;
      const before = known.get(key);
      if (before !== undefined) return before;
      const links = linksFrom(i, j);
      known.set(key, links);
      return links;
    },
  };
}
