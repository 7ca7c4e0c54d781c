import fc from 'fast-check';
import {
  describeNameMatch,
  matchNames,
  onlyOmitsGivenNames,
  type DocumentName,
  type NameOutcome,
  type NameRule,
} from '../../src/domain/names/match-names.js';
import { transliterate, transliterationForms } from '../../src/domain/transliteration.js';

/** `SURNAME<<GIVEN<NAMES` as it stands in the zone. */
function mrz(field: string, more: Partial<DocumentName> = {}): DocumentName {
  const [surname = '', givenNames = ''] = field.split('<<').map((part) => part.replace(/</g, ' '));
  return { surname, givenNames, source: 'mrz', ...more };
}
const printed = (surname: string, givenNames: string): DocumentName => ({
  surname,
  givenNames,
  source: 'printed',
});

const rulesOf = (expected: string, document: DocumentName): readonly NameRule[] =>
  matchNames(expected, document).explanation.map(({ rule }) => rule);

describe('names that are the same', () => {
  it.each<[string, DocumentName]>([
    ['Anna Svensson', mrz('SVENSSON<<ANNA')],
    ['anna SVENSSON', printed('Svensson', 'Anna')],
    ['Jürgen Müller-Łoś', mrz('MUELLER<LOS<<JUERGEN')],
    ['Jürgen Müller', mrz('MULLER<<JURGEN')],
    ['Jürgen Müller', mrz('MUXXLLER<<JUXXRGEN')],
    ['Juergen Mueller', printed('Müller', 'Jürgen')],
    ['Jürgen Müller', printed('MULLER', 'JURGEN')],
    ['María José Núñez', mrz('NUNEZ<<MARIA<JOSE')],
    ['María José Núñez', mrz('NUNXXEZ<<MARIA<JOSE')],
    ['María José Núñez', printed('NUNEZ', 'MARIAJOSE')],
    ['Søren Kierkegård', mrz('KIERKEGAARD<<SOEREN')],
    ['Björk Guðmundsdóttir', mrz('GUDMUNDSDOTTIR<<BJOERK')],
    ['Þór Æsir', mrz('AESIR<<THOR')],
    ["Sean O'Connor", mrz('OCONNOR<<SEAN')],
    ['Sean O’Connor', mrz('O<CONNOR<<SEAN')],
    ['Kim Min-jun', mrz('KIM<<MIN<JUN')],
    ['Kim Min-jun', mrz('KIM<<MINJUN')],
    ['Min-jun Kim', mrz('KIM<<MINJUN')],
    ['Kim Minjun', mrz('KIM<<MIN<JUN')],
    ['Kim, Min-jun', mrz('KIM<<MIN<JUN')],
    ['Nguyễn Thị Ánh', mrz('NGUYEN<<THI<ANH')],
    ['Ludwig van Beethoven', mrz('VAN<BEETHOVEN<<LUDWIG')],
    ['Ludwig van Beethoven', mrz('BEETHOVEN<VAN<<LUDWIG')],
    ['Ludwig van Beethoven', mrz('BEETHOVEN<<LUDWIG<VAN')],
    ['Anna Van der Berg', mrz('VANDERBERG<<ANNA')],
    ['Juan de la Cruz', mrz('DE<LA<CRUZ<<JUAN')],
    ['Omar al-Rashid', mrz('ALRASHID<<OMAR')],
    ['Ali bin Hassan', mrz('BIN<HASSAN<<ALI')],
    ['Gabriel García Márquez', mrz('GARCIA<MARQUEZ<<GABRIEL')],
    ['José Ortega y Gasset', mrz('ORTEGA<Y<GASSET<<JOSE')],
    ['Sukarno', mrz('SUKARNO')],
    ['Sukarno', mrz('SUKARNO<<FNU')],
    ['Ben An', mrz('AN<<BEN')],
    ['Le Van An', mrz('LE<<VAN<AN')],
    ['Jeanne Dupont épouse Martin', mrz('DUPONT<EP<MARTIN<<JEANNE')],
    ['Martin King Jr.', mrz('KING<JR<<MARTIN')],
    ['Martin King, Jr.', mrz('KING<<MARTIN<JR')],
    ['King Jr., Martin', mrz('KING<JR<<MARTIN')],
    ['Dr. Anna Svensson', mrz('SVENSSON<<ANNA')],
    ['Anna Svensson', printed('Dr. Svensson', 'Anna')],
    ['Михаил Горбачёв', mrz('GORBACHEV<<MIKHAIL')],
    ['Юрій Гринько', mrz('HRYNKO<<YURII')],
    ['Ђорђе Живковић', mrz('ZIVKOVIC<<DORDE')],
    ['Đorđe Živković', mrz('ZIVKOVIC<<DJORDJE')],
  ])('%s matches %j', (expected, document) => {
    const result = matchNames(expected, document);
    expect(result.outcome).toBe('match');
    expect(result.score).toBeGreaterThanOrEqual(0.9);
  });

  it.each<[string, DocumentName, NameRule]>([
    ['Anna Svensson', mrz('SVENSSON<<ANNA'), 'exact'],
    ['Svensson Anna', mrz('SVENSSON<<ANNA'), 'surname_first'],
    ['Jürgen Müller', mrz('MUELLER<<JUERGEN'), 'transliteration'],
    ['Kim Min-jun', mrz('KIM<<MINJUN'), 'joined_words'],
    ['Ludwig van Beethoven', mrz('BEETHOVEN<VAN<<LUDWIG'), 'particle_moved'],
    ['Dr Anna Svensson', mrz('SVENSSON<<ANNA'), 'title_ignored'],
    ['Jeanne Dupont épouse Martin', mrz('DUPONT<EP<MARTIN<<JEANNE'), 'married_name'],
  ])('%s and %j: says why (%s)', (expected, document, rule) => {
    expect(rulesOf(expected, document)).toContain(rule);
  });
});

/** Pairs that are, or may well be, two persons. None of them may ever be approved without somebody looking. */
const HARD: readonly [string, DocumentName][] = [
  ['Anna Svensson', mrz('SVENSSON<<HANNA')],
  ['Hanna Svensson', mrz('SVENSSON<<ANNA')],
  ['Maria Rossi', mrz('ROSSI<<MARIE')],
  ['Maria Rossi', mrz('ROSSI<<MARIO')],
  ['Jon Smith', mrz('SMITH<<JOHN')],
  ['Hans Müller', mrz('MILLER<<HANS')],
  ['Hans Müller', mrz('MOELLER<<HANS')],
  ['Hans Muller', mrz('MUELLER<<HANS')],
  ['Hans Meyer', mrz('MAIER<<HANS')],
  ['Kim Min-jun', mrz('KIM<<MIN<JUNG')],
  ['Kim Min-jun', mrz('KIM<<MINJUNG')],
  ['Kim Min-jun', mrz('KIM<<JUN<MIN')],
  ['Kim Min-jun', mrz('KIM<<MIN')],
  ['Kim Min', mrz('KIM<<MIN<JUN')],
  ['Kim Min-jun', mrz('LIM<<MIN<JUN')],
  ['Wang Wei', mrz('WANG<<WEN')],
  ['Wang Wei', mrz('HUANG<<WEI')],
  ['Li Na', mrz('LI<<NI')],
  ['Nguyễn Văn Anh', mrz('NGUYEN<<THI<ANH')],
  ['Nguyễn Văn An', mrz('NGUYEN<<AN<VAN')],
  ['Nguyễn Văn', mrz('NGUYEN<<VAN<AN')],
  ['Martin King Jr.', mrz('KING<<MARTIN')],
  ['Martin King', mrz('KING<JR<<MARTIN')],
  ['Martin King Jr.', mrz('KING<SR<<MARTIN')],
  ['Henry Ford II', mrz('FORD<III<<HENRY')],
  ['Henry Ford, II', mrz('FORD<<HENRY')],
  ['Anna Maria Rossi', mrz('ROSSI<<ANNA<LENA')],
  ['Anna Maria Rossi', mrz('ROSSI<<MARIA<ANNA')],
  ['Maria Jose Garcia Lopez', mrz('GARCIA<LOPEZ<<MARIA<CARMEN')],
  ['Maria Garcia Lopez', mrz('GARCIA<LOPEZ<<MARIA<CARMEN')],
  ['Maria Garcia Lopez', mrz('LOPEZ<GARCIA<<MARIA')],
  ['Maria Garcia Lopez', mrz('GARCIA<PEREZ<<MARIA')],
  ['Maria Garcia', mrz('GARCIA<LOPEZ<<MARIA')],
  ['Jean Dupont', mrz('DUPONT<<JEAN<PIERRE')],
  ['Jean-Pierre Dupont', mrz('DUPONT<<JEAN')],
  ['Pierre Dupont', mrz('DUPONT<<JEAN<PIERRE')],
  ['Ann Elise Berg', mrz('BERG<<ANNE<LISE')],
  ['Anne Lise Berg', mrz('BERG<<ANN<ELISE')],
  ['J. Smith', mrz('SMITH<<JOHN')],
  ['John M. Smith', mrz('SMITH<<JOHN<MICHAEL')],
  ['John M. Smith', mrz('SMITH<<JOHN<PETER')],
  ['John Smith', mrz('SMITH<<J')],
  ['John Michael Smith', mrz('SMITH<<JOHN<PETER')],
  ['John Smith', mrz('SMITHE<<JOHN')],
  ['João Silva', mrz('DA<SILVA<<JOAO')],
  ['João da Silva', mrz('DE<SILVA<<JOAO')],
  ['Omar al-Rashid', mrz('RASHID<<OMAR')],
  ['Ali bin Hassan', mrz('HASSAN<<ALI')],
  ['Ali bin Hassan', mrz('BIN<HUSSAIN<<ALI')],
  ['Mohd Ali', mrz('ALI<<MOHAMMED')],
  ['Ma. Santos', mrz('SANTOS<<MARIA')],
  ['Jeanne Martin', mrz('DUPONT<EP<MARTIN<<JEANNE')],
  ['Jeanne Dupont', mrz('DUPONT<EP<MARTIN<<JEANNE')],
  ['Max Born Schmidt', mrz('SCHMIDT<<MAX')],
  ['William Gates', mrz('GATES<<BILL')],
  ['Sukarno', mrz('SUKARNO<<ACHMED')],
  ['Achmed Sukarno', mrz('SUKARNO')],
  ['Smith', mrz('SMITH<<JOHN')],
  ['John', mrz('SMITH<<JOHN')],
  ['Henry, James', mrz('HENRY<JAMES')],
  ['James, Henry', mrz('HENRY<<JAMES')],
  ['Van An', mrz('AN<<THI<VAN')],
  ['Александр Петров', mrz('PETROVA<<ALEKSANDR')],
  ['Александра Петрова', mrz('PETROV<<ALEKSANDR')],
  ['Наталия Иванова', mrz('IVANOVA<<NATALYA')],
  ['Natalia Ivanova', mrz('IVANOVA<<NATALIYA')],
  ['김민준', mrz('KIM<<MIN<JUN')],
  ['Anna Παπαδοπούλου', mrz('PAPADOPOULOS<<ANNA')],
  ['', mrz('SMITH<<JOHN')],
  ['John Smith', mrz('')],
  ['John Smith', printed('SM1TH', 'JOHN')],
  ['John Smith', mrz('DOE<<JANE')],
  ['John Smith', mrz('SMITH<<SMITH')],
  ['Ann Ann', mrz('ANN')],
];

describe('names that are not, or not surely, the same', () => {
  it.each(HARD)('%s is never a match for %j', (expected, document) => {
    const result = matchNames(expected, document);
    expect(result.outcome).not.toBe('match');
    expect(result.score).toBeLessThan(0.9);
  });

  it.each<[string, DocumentName, NameOutcome, NameRule]>([
    ['John Smith', mrz('SMITH<<JOHN<MICHAEL'), 'uncertain', 'given_names_omitted'],
    ['Maximilian Huber', mrz('HUBER<<KARL<MAXIMILIAN'), 'uncertain', 'first_given_name_omitted'],
    ['John Michael Smith', mrz('SMITH<<JOHN'), 'uncertain', 'extra_given_names'],
    ['J. Smith', mrz('SMITH<<JOHN'), 'uncertain', 'initial'],
    ['Ma. Santos', mrz('SANTOS<<MARIA'), 'uncertain', 'abbreviation'],
    ['Jon Smith', mrz('SMITH<<JOHN'), 'uncertain', 'near_spelling'],
    ['Maria Garcia', mrz('GARCIA<LOPEZ<<MARIA'), 'uncertain', 'surname_part_missing'],
    ['João Silva', mrz('DA<SILVA<<JOAO'), 'uncertain', 'particle_missing'],
    ['Maria Garcia Lopez', mrz('LOPEZ<GARCIA<<MARIA'), 'uncertain', 'reordered'],
    ['Martin King Jr.', mrz('KING<<MARTIN'), 'uncertain', 'suffix_missing'],
    ['Smith', mrz('SMITH<<JOHN'), 'uncertain', 'given_names_missing'],
    ['John', mrz('SMITH<<JOHN'), 'uncertain', 'surname_missing'],
    ['김민준', mrz('KIM<<MIN<JUN'), 'uncertain', 'script_not_supported'],
    ['John Smith', mrz(''), 'uncertain', 'name_not_read'],
    ['a b '.repeat(20), mrz('SMITH<<JOHN'), 'uncertain', 'too_many_words'],
    ['Jane Smith', mrz('DOE<<JANE'), 'mismatch', 'different_surname'],
    ['Jane Smith', mrz('SMITH<<MARY'), 'mismatch', 'different_given_names'],
    ['Martin King Jr.', mrz('KING<SR<<MARTIN'), 'mismatch', 'suffix_differs'],
    ['Jon Muller', mrz('MILLER<<JOHN'), 'mismatch', 'several_near_spellings'],
    ['Jane Doe', mrz('SMITH<<PETER'), 'mismatch', 'nothing_in_common'],
  ])('%s and %j: %s by %s', (expected, document, outcome, rule) => {
    const result = matchNames(expected, document);
    expect(result.outcome).toBe(outcome);
    expect(result.explanation.map((entry) => entry.rule)).toContain(rule);
  });

  it('tells the omission of later given names from every other doubt', () => {
    expect(onlyOmitsGivenNames(matchNames('Jürgen Smith', mrz('SMITH<<JUERGEN<KARL')))).toBe(true);
    expect(onlyOmitsGivenNames(matchNames('Jon Smith', mrz('SMITH<<JOHN<KARL')))).toBe(false);
    expect(onlyOmitsGivenNames(matchNames('Karl Smith', mrz('SMITH<<JOHN<KARL')))).toBe(false);
    expect(onlyOmitsGivenNames(matchNames('John Smith', mrz('SMITH<<JOHN')))).toBe(false);
  });
});

describe('a name field that is full (ICAO 9303-3, 4.6)', () => {
  const long = 'WOLFESCHLEGELSTEINHAUSEN<<ANNA<CHARLOTTE';
  it('accepts the cut rest of a word that has clearly begun', () => {
    const document = mrz(long.slice(0, 39));
    expect(document.givenNames).toBe('ANNA CHARLOTT');
    const result = matchNames('Anna Charlotte Wolfeschlegelsteinhausen', document);
    expect(result.outcome).toBe('match');
    expect(result.explanation[0]?.rule).toBe('truncated_mrz');
  });

  it('does so in the shorter fields too, where the format is known', () => {
    const field = 'PAPADOPOULOU<<EVANGELIA<KONSTANTINA'.slice(0, 30);
    const card = mrz(field, { nameFieldLength: 30 });
    expect(matchNames('Evangelia Konstantina Papadopoulou', card).outcome).toBe('match');
    expect(matchNames('Papadopoulou, Evangelia Konstantina', card).outcome).toBe('match');
    // In a passport the same thirty characters would be the whole name.
    expect(matchNames('Evangelia Konstantina Papadopoulou', mrz(field)).outcome).toBe('uncertain');
  });

  it('asks a person where sisters may differ behind the end', () => {
    const document = mrz('PAPADOPOULOU<<EVANGELINE<MARIA<KON'.slice(0, 30));
    expect(document.givenNames).toBe('EVANGELINE MARIA');
    const result = matchNames('Evangeline Maria Konstantina Papadopoulou', document);
    expect(result.outcome).toBe('uncertain');
    expect(result.explanation[0]?.rule).toBe('truncated_tail');
  });

  it.each([
    ['Anna Christina Wolfeschlegelsteinhausen', 39],
    ['Anna Charles Wolfeschlegelsteinhausen', 39],
    ['Anna Wolfeschlegelsteinhausen', 39],
  ])('does not accept %s for what differs before the end', (expected, length) => {
    expect(matchNames(expected, mrz(long.slice(0, length))).outcome).not.toBe('match');
  });

  it.each([
    // Fewer than three letters of the last word are seen.
    ['PAPADOPOULOU<<EVANGELINA<MA<KO', 'Evangelina Ma Konstantina Papadopoulou'],
    // The surname itself, or the first given name, is cut.
    ['WOLFESCHLEGELSTEINHAUSENBERGER', 'Wolfeschlegelsteinhausenbergerdorff'],
    ['PAPADOPOULOU<<KONSTANTINAMARIA', 'Konstantinamarialouise Papadopoulou'],
  ])('leaves %s to a person', (field, expected) => {
    expect(field).toHaveLength(30);
    expect(matchNames(expected, mrz(field)).outcome).toBe('uncertain');
  });

  it('takes no prefix from a field that is not full, and none from print', () => {
    const field = long.slice(0, 38);
    expect(matchNames('Anna Charlotte Wolfeschlegelsteinhausen', mrz(field)).outcome).not.toBe('match');
    const full = mrz(long.slice(0, 39));
    const inPrint = { ...full, source: 'printed' as const };
    expect(matchNames('Anna Charlotte Wolfeschlegelsteinhausen', inPrint).outcome).not.toBe('match');
  });

  it.each([
    ['each part cut to a fixed number of letters', 'ALBRECHT<WINTERB<ASHWORT<<OLIVIA<CHARLO'],
    ['parts cut to initials', 'ALBRECHTSEN<WINTERBOURNE<A<<OLIVIA<CHAR'],
  ])('leaves %s to a person (ICAO 9303-4, 4.2.3)', (_, field) => {
    expect(field).toHaveLength(39);
    const name = 'Albrechtsen Winterbourne Ashworthy, Olivia Charlotte';
    const result = matchNames(name, mrz(field, { nameFieldLength: 39 }));
    expect(result.outcome).toBe('uncertain');
    expect(result.explanation.map(({ rule }) => rule)).toContain('truncated_word');
  });

  it('trusts the known length of the field over a guess', () => {
    const document = mrz('PAPADOPOULOU<<EVANGELIA<KONSTANTINA'.slice(0, 30), { nameFieldLength: 39 });
    expect(matchNames('Evangelia Konstantina Papadopoulou', document).outcome).not.toBe('match');
  });
});

describe('the explanation', () => {
  it('points at words by position and never quotes one', () => {
    const { explanation } = matchNames('John Michael Smythe', mrz('SMITHERS<<JOHN<PETER'));
    expect(explanation[0]).toEqual({ rule: 'different_surname', detail: 'expected 3; surname 1' });
    expect(explanation[1]).toEqual({ rule: 'different_given_names', detail: 'expected 2; given_names 2' });
    expect(JSON.stringify(explanation)).not.toMatch(/john|peter|smith|smythe|michael/i);
  });

  it('quotes the words where a reviewer reads it', () => {
    expect(describeNameMatch('John Smith', mrz('SMITH<<JOHN<MICHAEL'))).toEqual([
      'The document has further given names: document “MICHAEL”.',
    ]);
    expect(describeNameMatch('Jon Smith', mrz('SMITH<<JOHN'))).toEqual([
      'The spelling differs slightly: asked for “JON”, document “JOHN”.',
    ]);
    expect(describeNameMatch('John Smith', mrz('SMITH<<JOHN'))).toEqual(['Every word agrees.']);
  });
});

const LETTERS = [...'ABCDEFGHIJKLMNOPRSTUVWZÄÅÆÉÈÑÖØÜÞŁŚŽČĐĞİßŐŢ'];
/** Chance also makes titles and suffixes (MRŚ, ІИЙ as III), which are not compared as names are. */
const isOrdinary = (letters: string) =>
  !/^(MRS|II|III|IV|JNR|SNR|PROF|FNU|LNU|NFN|NLN)$/.test(transliterate(letters) ?? '');
const word = fc
  .array(fc.constantFrom(...LETTERS), { minLength: 3, maxLength: 5 })
  .map((letters) => letters.join(''))
  .filter(isOrdinary);
const cyrillicWord = fc
  .array(fc.constantFrom(...'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯІЇЄҐЂЉЊЏ'), { minLength: 3, maxLength: 4 })
  .map((letters) => letters.join(''))
  .filter(isOrdinary);
const person = fc.record({
  surname: fc.array(word, { minLength: 1, maxLength: 2 }),
  given: fc.array(word, { minLength: 1, maxLength: 2 }),
});
/** Shares no letter with the alphabet of the other words, so it resembles none of them. */
const STRANGER = 'QXYQXY';
const full = (of: { surname: string[]; given: string[] }) => [...of.given, ...of.surname].join(' ');
const asDocument = (of: { surname: string[]; given: string[] }): DocumentName =>
  printed(of.surname.join(' '), of.given.join(' '));

describe('properties', () => {
  it('a name matches each transliteration of itself, in either order', () => {
    fc.assert(
      fc.property(person, fc.nat(), fc.boolean(), (who, choice, surnameFirst) => {
        const spell = (words: string[]) =>
          words
            .map((each) => {
              const forms = transliterationForms(each);
              return forms[choice % forms.length];
            })
            .join(' ');
        const document = mrz('', {
          surname: spell(who.surname),
          givenNames: spell(who.given),
          nameFieldLength: 99,
        });
        const expected = surnameFirst ? [...who.surname, ...who.given].join(' ') : full(who);
        expect(matchNames(expected, document).outcome).toBe('match');
      }),
    );
  });

  it('a Cyrillic name matches its recommended transliteration', () => {
    fc.assert(
      fc.property(cyrillicWord, cyrillicWord, (given, surname) => {
        const document = mrz('', {
          surname: transliterate(surname) ?? '',
          givenNames: transliterate(given) ?? '',
          nameFieldLength: 99,
        });
        expect(matchNames(`${given} ${surname}`, document).outcome).toBe('match');
      }),
    );
  });

  it('the outcome does not depend on which of two persons holds the document', () => {
    const single = fc.record({ surname: fc.tuple(word), given: fc.tuple(word) });
    fc.assert(
      fc.property(single, single, (a, b) => {
        const there = matchNames(full(a), asDocument(b));
        const back = matchNames(full(b), asDocument(a));
        expect(back.outcome).toBe(there.outcome);
        expect(back.score).toBeCloseTo(there.score, 5);
      }),
    );
  });

  it('a word that resembles nothing never raises the score and never leaves a match', () => {
    fc.assert(
      fc.property(
        person,
        person,
        fc.boolean(),
        fc.nat(4),
        fc.constantFrom('expected', 'surname', 'given'),
        (a, b, same, at, side) => {
          const other = same ? a : b;
          const before = matchNames(full(a), asDocument(other));
          const insert = (words: string[]) => [...words.slice(0, at), STRANGER, ...words.slice(at)];
          const after =
            side === 'expected'
              ? matchNames(insert(full(a).split(' ')).join(' '), asDocument(other))
              : matchNames(full(a), asDocument({ ...other, [side]: insert(other[side]) }));
          expect(after.score).toBeLessThanOrEqual(before.score);
          expect(after.outcome).not.toBe('match');
        },
      ),
    );
  });

  it('replacing one word of a name by another never leaves a match', () => {
    fc.assert(
      fc.property(person, fc.nat(3), (who, at) => {
        const words = full(who).split(' ');
        words[at % words.length] = STRANGER;
        expect(matchNames(words.join(' '), asDocument(who)).outcome).not.toBe('match');
      }),
    );
  });

  it('outcome and score tell the same story, whatever is given', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom('mrz' as const, 'printed' as const),
        (expected, surname, givenNames, source) => {
          const { outcome, score, explanation } = matchNames(expected, { surname, givenNames, source });
          expect(explanation.length).toBeGreaterThan(0);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(outcome === 'match').toBe(score >= 0.9);
          if (outcome === 'mismatch') expect(score).toBeLessThan(0.5);
        },
      ),
    );
  });
});
