import { withoutMarks } from '../transliteration/text.js';

/**
 * Arabic names that documents print as they are heard. Each line is a name in Arabic script and how it is vocalised, from
 * which follows every way in which English, French and Malay habits write it. Only names that no other language shares.
 *
 * Notation: `a i u` short, `A I U` long vowels; `E` an a that is heard as e; `1` an i that is always written so; `e` a short one that nobody agrees on; `N` i after hamza; `Y W` the diphthongs ay, aw; `S` sh, `K` kh, `G` gh, `T` th, `x` dh, `D Z`
 * the emphatic d and z; `+` a doubled consonant; `@` the feminine ending; `~` an E that French adds.
 */
const NAMES: readonly (readonly [script: string, sound: string])[] = [
  ['محمد', 'muham+Ed'],
  ['أحمد', 'ahmEd'],
  ['محمود', 'mahmUd'],
  ['حميد', 'hamId'],
  ['حامد', 'hAmid'],
  ['حسن', 'hasan'],
  ['حسان', 'has+An~'],
  ['حسين', 'husYn'],
  ['عمر', 'umar'],
  ['عثمان', 'uTmAn~'],
  ['خالد', 'KAlid'],
  ['وليد', 'walId'],
  ['سعيد', 'saId'],
  ['سعد', 'sAd'],
  ['راشد', 'rASid'],
  ['رشيد', 'raSId'],
  ['سالم', 'sAlim'],
  ['سليم', 'salIm'],
  ['كريم', 'karIm'],
  ['كرم', 'karam'],
  ['جمال', 'jamAl'],
  ['جميل', 'jamIl'],
  ['كمال', 'kamAl'],
  ['كامل', 'kAmil'],
  ['يوسف', 'yUsef'],
  ['إبراهيم', 'ibrAhIm'],
  ['إسماعيل', 'ismAIl'],
  ['إسحاق', 'ishAq'],
  ['يعقوب', 'yaqUb'],
  ['سليمان', 'sulYmAn~'],
  ['زكريا', 'zakariyA'],
  ['إدريس', 'idrIs'],
  ['مصطفى', 'mustafA'],
  ['مرتضى', 'murtaDA'],
  ['طارق', 'tAriq'],
  ['فيصل', 'fYsEl'],
  ['ناصر', 'nAsir'],
  ['نصير', 'nasIr'],
  ['منصور', 'mansUr'],
  ['حبيب', 'habIb'],
  ['حمزة', 'hamz@'],
  ['جعفر', 'jafEr'],
  ['حيدر', 'hYdEr'],
  ['عباس', 'ab+As'],
  ['أشرف', 'aSrEf'],
  ['أيمن', 'YmEn'],
  ['بسام', 'bas+Am'],
  ['فريد', 'farId'],
  ['فارس', 'fAris'],
  ['غسان', 'Gas+An~'],
  ['هشام', 'hiSAm'],
  ['عماد', 'imAd'],
  ['إياد', 'iyAd'],
  ['خليل', 'KalIl'],
  ['مروان', 'marwAn~'],
  ['منير', 'munIr'],
  ['نبيل', 'nabIl'],
  ['قاسم', 'qAsim'],
  ['رمضان', 'ramaDAn~'],
  ['رضوان', 'riDwAn~'],
  ['سمير', 'samIr'],
  ['شفيق', 'SafIq'],
  ['شريف', 'SErIf'],
  ['طاهر', 'tAhir'],
  ['أسامة', 'usAm@'],
  ['ياسر', 'yAsir'],
  ['ياسين', 'yAsIn~'],
  ['زياد', 'ziyAd'],
  ['علي', 'al1'],
  ['فاطمة', 'fAtim@'],
  ['عائشة', 'ANS@'],
  ['خديجة', 'KadIj@'],
  ['زينب', 'zYnEb'],
  ['سميرة', 'samIr@'],
  ['جميلة', 'jamIl@'],
  ['لطيفة', 'latIf@'],
  ['نعيمة', 'naIm@'],
  ['رشيدة', 'raSId@'],
  ['صفية', 'safiy+@'],
  ['سمية', 'sumay+@'],
  ['رحمن', 'rahmAn~'],
  ['رحيم', 'rahIm'],
  ['عزيز', 'azIz'],
  ['قادر', 'qAdir'],
  ['قدير', 'qadIr'],
  ['لطيف', 'latIf'],
  ['سلام', 'salAm'],
  ['واحد', 'wAhid'],
  ['وحيد', 'wahId'],
  ['وهاب', 'wah+Ab'],
  ['رزاق', 'raz+Aq'],
  ['جبار', 'jab+Ar'],
  ['غفور', 'GafUr'],
  ['غني', 'GanI'],
  ['مجيد', 'majId'],
  ['ماجد', 'mAjid'],
  ['مالك', 'mAlik'],
  ['حكيم', 'hakIm'],
  ['حاكم', 'hAkim'],
  ['حليم', 'halIm'],
  ['فتاح', 'fat+Ah'],
  ['ستار', 'sat+Ar'],
  ['صمد', 'samad'],
  ['رؤوف', 'raUf'],
];

/** What a sound may be written as, as a piece of a regular expression. */
const SOUNDS: Readonly<Record<string, string>> = {
  ...{
    a: 'A',
    E: '[AE]',
    i: '[IE]',
    1: 'I',
    u: '(?:OU|U|O)',
    A: 'AA?',
    I: '(?:II?|EE|Y)',
    U: '(?:OU|OO|UU?|O)',
  },
  ...{
    Y: '(?:A[YI]|E[YI]|E)',
    O: '[AE][YI]',
    e: '(?:OU|[EIUO])',
    N: '(?:YE|YI|II|[IYE])',
    W: '(?:AOU|A[WU]|OU|O)',
  },
  ...{
    S: '(?:SCH|SH|CH)',
    K: 'KH',
    G: 'GH',
    T: '(?:TH|T|S)',
    x: '(?:DH|D|Z)',
    D: '(?:DH|D|Z)',
    Z: '(?:DH|Z)',
  },
  ...{ j: '(?:DJ|J|G)', q: '[QKG]', w: '(?:OU|W|V)', y: '[YI]', '@': '[AE]H?', '~': 'E?' },
};
const BETWEEN_VOWELS = /(?<=[aeiuAIUYW])s(?=[aeiuAIUYW@])/g;

function patternOf(sound: string): RegExp {
  const pieces = sound
    // French doubles an s that would otherwise be heard as z.
    .replace(BETWEEN_VOWELS, 's+')
    .replace(/^Y/, 'O')
    .match(/[^+]\+?/g);
  const source = (pieces ?? []).map((piece) => {
    const [letter = ''] = piece;
    const written = SOUNDS[letter] ?? letter.toUpperCase();
    return piece.endsWith('+') ? `${written}(?:${written})?` : written;
  });
  return new RegExp(`^${source.join('')}$`);
}

/** Spellings of one Arabic letter that people do not tell apart when they type. */
const FOLDED: readonly (readonly [RegExp, string])[] = [
  [/[أإآٱ]/g, 'ا'],
  [/[ىی]/g, 'ي'],
  [/ک/g, 'ك'],
  [/ة/g, 'ه'],
  [/ؤ/g, 'و'],
  [/ـ/g, ''],
];
const fold = (word: string): string =>
  // Marks go after the letters that are composed with one have been folded.
  FOLDED.reduce((text, [from, to]) => text.replace(from, to), word.normalize('NFC'))
    .split('')
    .map(withoutMarks)
    .join('');

const PATTERNS: readonly RegExp[] = NAMES.map(([, sound]) => patternOf(sound));
const BY_SCRIPT: ReadonlyMap<string, number> = new Map(
  NAMES.map(([script], index) => [fold(script), index] as const),
);
const ARTICLE = /^ال(?=...)/;

/** The names of the list that a spelling in A–Z may stand for. */
export const arabicNamesSpelled = (form: string): readonly number[] =>
  PATTERNS.flatMap((pattern, index) => (pattern.test(form) ? [index] : []));

/** The name of the list that is written so in Arabic script, with the article or without. */
export function arabicNamesWritten(word: string): readonly number[] {
  const folded = fold(word);
  const index = BY_SCRIPT.get(folded) ?? BY_SCRIPT.get(folded.replace(ARTICLE, ''));
  return index === undefined ? [] : [index];
}

/** Consonants as Arabic script shows them: what is heard alike in one habit or another is one. */
const HEARD: Readonly<Record<string, string>> = {
  ...{ ب: 'B', پ: 'B', ت: 'T', ط: 'T', ث: 'S', ج: 'J', ح: 'H', خ: 'K', د: 'D', ض: 'D', ذ: 'D', ظ: 'D' },
  ...{ ر: 'R', ز: 'Z', ژ: 'J', س: 'S', ص: 'S', ش: 'C', چ: 'C', غ: 'J', ف: 'F', ڤ: 'F', ق: 'K', ك: 'K' },
  ...{ گ: 'J', ل: 'L', م: 'M', ن: 'N', ں: 'N', ٹ: 'T', ڈ: 'D', ڑ: 'R' },
};
const ROMAN: readonly (readonly [RegExp, string])[] = [
  [/SCH|SH|CH/g, 'c'],
  [/KH/g, 'k'],
  [/GH|DJ|ZH|[GJ]/g, 'j'],
  [/TH/g, 's'],
  [/DH/g, 'd'],
  [/P/g, 'b'],
  [/V/g, 'f'],
  [/[QC]/g, 'k'],
  [/X/g, 'ks'],
];

const squeezed = (text: string): string => text.replace(/(.)\1+/g, '$1');

/** Consonants that both scripts must show; vowels, half-vowels and H come and go. */
export function consonantsOfScript(word: string): string {
  const heard = [...fold(word).replace(ARTICLE, '')].map((letter) => HEARD[letter] ?? '');
  return squeezed(heard.join('').replaceAll('H', ''));
}
export function consonantsOfRoman(form: string): string {
  const heard = ROMAN.reduce((text, [from, to]) => text.replace(from, to), form);
  return squeezed(heard.toUpperCase().replace(/[AEIOUYWH]/g, ''));
}
