/**
 * Spellings in A–Z that may go back to one name in another alphabet, or to one letter with a sign. They are no proof: ways to
 * write a name merge names as well (Maria and Marya), so they raise a doubt where there would be a contradiction.
 */

/** Applied one after the other; capitals that a rule has settled are written small. */
const FOLDS: readonly (readonly [RegExp, string])[] = [
  // Letters with a sign: Müller, Mueller, Muller; Ōno, Ohno, Ono.
  [/AE/g, 'A'],
  [/OE|OH(?=$|[^AEIOUY]+[AEIOUY])/g, 'O'],
  [/UE/g, 'U'],
  [/AA/g, 'A'],
  // Sounds that alphabets spell with one letter and A–Z with several.
  [/SHCH|CHTCH|SZCZ|SHT/g, 'q'],
  [/TCH|CZ|CH/g, 'c'],
  [/SCH|SZ|SH/g, 's'],
  [/DZH|DJ|ZH/g, 'j'],
  [/PH/g, 'F'],
  [/KH/g, 'H'],
  [/GH/g, 'G'],
  [/TH/g, 'T'],
  [/T[SZC]/g, 'z'],
  [/CK|C|Q/g, 'K'],
  [/X/g, 'KS'],
  [/W/g, 'V'],
  [/OU|OO/g, 'U'],
  [/EE/g, 'I'],
  // Soft vowels: Yulia, Iuliia, Julia; Yiorgos, Giorgos.
  [/^[GJY]I?(?=[AEOU])/, 'I'],
  [/[YJ]/g, 'I'],
  [/I+E/g, 'E'],
  [/I+/g, 'I'],
  [/(.)\1/g, '$1'],
  [/(?<=[AEIOU])H$/, ''],
];

const romanKey = (form: string): string => FOLDS.reduce((text, [from, to]) => text.replace(from, to), form);

const MIN_LETTERS = 3;

/**
 * Surnames of Korea that passports spell in several ways: the revised romanisation of 2000, McCune and Reischauer's, and
 * habit. Each group is one surname, or one syllable.
 */
const KOREAN: readonly (readonly string[])[] = [
  ['LEE', 'YI', 'RHEE', 'RI', 'I', 'YEE'],
  ['PARK', 'PAK', 'BAK', 'BAHK'],
  ['CHOI', 'CHOE', 'CHOY'],
  ['KIM', 'GIM'],
  ['JUNG', 'JEONG', 'CHUNG', 'CHONG', 'JOUNG'],
  ['KANG', 'GANG'],
  ['CHO', 'JO', 'JOE'],
  ['YOON', 'YUN', 'YOUN'],
  ['LIM', 'IM', 'RIM', 'YIM'],
  ['SHIN', 'SIN'],
  ['SEO', 'SUH', 'SO'],
  ['KWON', 'GWON'],
  ['AHN', 'AN'],
  ['YOO', 'YU', 'RYU', 'RYOO', 'YOU'],
  ['JEON', 'CHUN', 'JUN', 'CHON'],
  ['KO', 'GO', 'KOH'],
  ['MOON', 'MUN'],
  ['SON', 'SOHN'],
  ['BAE', 'PAE', 'BAI'],
  ['BAEK', 'PAEK', 'PAIK', 'BAIK'],
  ['HEO', 'HUH', 'HUR', 'HO'],
  ['NOH', 'ROH', 'NO'],
  ['WOO', 'U', 'WU'],
  ['KOO', 'GU', 'KU'],
  ['OH', 'O'],
  ['JOO', 'JU', 'CHU'],
];

/** Whether two spellings may go back to one name. */
export function mayBeOneName(a: string, b: string): boolean {
  if (KOREAN.some((group) => group.includes(a) && group.includes(b))) return true;
  return Math.min(a.length, b.length) >= MIN_LETTERS && romanKey(a) === romanKey(b);
}

/** Endings by which a surname tells a man from a woman: Slavic, Czech and Slovak, Lithuanian, Greek. */
const GENDERED: readonly (readonly [man: RegExp, woman: RegExp])[] = [
  [/(?<=OV|EV|YOV|IN|YN)$/, /(?<=OV|EV|YOV|IN|YN)A$/],
  [/S?K(?:Y|I|II|IY|IJ|YI|YY)$/, /S?K(?:AYA|AIA|A|AJA)$/],
  [/(?:Y|YI|II|YY)$/, /(?:AYA|AIA|AJA|A)$/],
  [/$/, /OVA$/],
  [/(?:A|E|O)$/, /OVA$/],
  [/(?:AS|IS|YS|US)$/, /(?:IENE|AITE|YTE|UTE|UVIENE)$/],
  [/OS$/, /OU$/],
  [/(?:IS|AS)$/, /(?:I|A)$/],
];
const MIN_STEM = 3;

const isCouple = (man: string, woman: string): boolean =>
  GENDERED.some(([his, hers]) => {
    const stem = man.replace(his, '');
    return stem.length >= MIN_STEM && his.test(man) && hers.test(woman) && stem === woman.replace(hers, '');
  });

/** Whether two surnames are the forms of one for a man and a woman (Ivanov, Ivanova): kin, or one person written carelessly. */
export const differInGender = (a: string, b: string): boolean =>
  a !== b && (isCouple(a, b) || isCouple(b, a));

const PATRONYMIC = /(?:OVICH|EVICH|OVYCH|EVYCH|OVIC|EVIC|OVNA|EVNA|IVNA|YIVNA|INICHNA|ICHNA)$/;

/** A father's name after a given name, which passports of Slavic states leave out of their Latin part. */
export const isPatronymic = (form: string): boolean => form.length >= 7 && PATRONYMIC.test(form);
