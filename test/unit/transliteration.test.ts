import { transliterate, transliterationForms, wordsOf } from '../../src/domain/transliteration.js';

describe('transliteration after ICAO 9303-3, section 6', () => {
  it.each([
    ['Müller', 'MUELLER'],
    ['Ångström', 'AANGSTROEM'],
    ['Sørensen', 'SOERENSEN'],
    ['Æðelþryð', 'AEDELTHRYD'],
    ['Groß', 'GROSS'],
    ['GROẞ', 'GROSS'],
    ['Núñez', 'NUNEZ'],
    ['Łoś', 'LOS'],
    ['Đặng', 'DANG'],
    ['Nguyễn', 'NGUYEN'],
    ['Šimůnková', 'SIMUNKOVA'],
    ['Ħaż-Żebbuġ', 'HAZ<ZEBBUG'],
    ['İbrahim', 'IBRAHIM'],
    ['ışık', 'ISIK'],
    ['Œuvré', 'OEUVRE'],
    ['Gal·la', 'GALLA'],
    ['O’Connor', 'OCONNOR'],
    ["D'Artagnan", 'DARTAGNAN'],
    ['Smith-Jones', 'SMITH<JONES'],
    ['J.R.R. Tolkien', 'J<R<R<TOLKIEN'],
    ['Горбачёв', 'GORBACHEV'],
    ['Щукина', 'SHCHUKINA'],
    ['Подъячая', 'PODIEIACHAIA'],
    ['Игорь', 'IGOR'],
    ['Юлия', 'IULIIA'],
  ])('writes %s as %s', (name, expected) => {
    expect(transliterate(name)).toBe(expected);
  });

  it.each([
    ['Ä', ['AE', 'A']],
    ['Å', ['AA', 'A']],
    ['Ñ', ['N', 'NXX']],
    ['Ü', ['UE', 'UXX', 'U']],
    ['Ö', ['OE', 'O']],
    ['Þ', ['TH']],
  ])('knows every spelling of %s', (letter, expected) => {
    expect(transliterationForms(letter)).toEqual(expected);
  });

  it.each([
    ['Гринько', 'HRYNKO', 'Ukrainian table'],
    ['Ёлкін', 'IOLKIN', 'Belarusian table'],
    ['Живковић', 'ZIVKOVIC', 'Serbian table'],
    ['Џон', 'DJON', 'Macedonian table'],
    ['Щерев', 'SHTEREV', 'Bulgarian table'],
    ['Юрій', 'YURII', 'Ukrainian resolution'],
    ['Ангелова', 'ANGELOVA', 'Bulgarian act'],
  ])('has the spelling of %s as %s (%s)', (word, form) => {
    expect(transliterationForms(word)).toContain(form);
  });

  it('spells one letter one way throughout a word', () => {
    const forms = transliterationForms('ÜBÜ');
    expect(forms).toEqual(expect.arrayContaining(['UEBUE', 'UBU']));
    expect(forms).not.toContain('UEBU');
  });

  it('does not mix the practice of two states in one Cyrillic word', () => {
    expect(transliterationForms('Гриша')).toContain('HRYSHA');
    expect(transliterationForms('Гриша')).not.toContain('HRISA');
  });

  it('reads composed and decomposed letters alike', () => {
    expect(transliterationForms('Müller'.normalize('NFD'))).toEqual(transliterationForms('Müller'));
  });

  it.each(['김민준', '李伟', 'محمد', 'Παπαδόπουλος'])(
    'gives nothing for a script without a table',
    (word) => {
      expect(transliterationForms(word)).toEqual([]);
      expect(transliterate(`Anna ${word}`)).toBeNull();
    },
  );

  it('bounds the spellings of a word made of choices', () => {
    expect(transliterationForms('ÄÅÑÖØÜĐƏ').length).toBeLessThanOrEqual(64);
    expect(transliterationForms('ÄÅÑÖØÜĐƏ')[0]).toBe('AEAANOEOEUEDA');
  });

  it('separates words at hyphens, stops, spaces and fillers, and joins them at apostrophes', () => {
    expect(wordsOf("van der O'Berg-Łoś<<J.P.")).toEqual(['VAN', 'DER', 'OBERG', 'ŁOŚ', 'J', 'P']);
  });

  it('has no words for an empty name', () => {
    expect(wordsOf(' - ')).toEqual([]);
    expect(transliterate('')).toBeNull();
  });
});
