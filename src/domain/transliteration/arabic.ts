import { combine, type Spelled } from './text.js';

/**
 * ICAO Doc 9303-3 (8th edition), section 6, table C. An X marks the letter after it as another than the plain one. Short
 * vowels are not written. Few states follow it; most print a name as it is heard, which a table of letters cannot give.
 */
const ARABIC: Readonly<Record<string, readonly string[]>> = {
  ...{ ء: ['XE'], آ: ['XAA'], أ: ['XAE'], ؤ: ['U'], إ: ['I'], ئ: ['XI'], ا: ['A'], ب: ['B'], ت: ['T'] },
  ...{ ث: ['XTH'], ج: ['J'], ح: ['XH'], خ: ['XKH'], د: ['D'], ذ: ['XDH'], ر: ['R'], ز: ['Z'], س: ['S'] },
  ...{ ش: ['XSH'], ص: ['XSS'], ض: ['XDZ'], ط: ['XTT'], ظ: ['XZZ'], ع: ['E'], غ: ['G'], ف: ['F'], ق: ['Q'] },
  ...{ ك: ['K'], ل: ['L'], م: ['M'], ن: ['N'], ه: ['H'], و: ['W'], ى: ['XAY'], ي: ['Y'], ٱ: ['XXA'] },
  ...{ ٹ: ['XXT'], ټ: ['XRT'], پ: ['P'], ځ: ['XKE'], څ: ['XXH'], چ: ['XC'], ڈ: ['XXD'], ډ: ['XDR'] },
  ...{ ڑ: ['XXR'], ړ: ['XRR'], ږ: ['XRX'], ژ: ['XJ'], ښ: ['XXS'], ک: ['XKK', 'K'], ګ: ['XXK'] },
  ...{ ڭ: ['XNG'], گ: ['XGG'], ں: ['XNN'], ڼ: ['XXN'], ھ: ['XDO'], ۀ: ['XYH'], ہ: ['XXG'], ۂ: ['XGE'] },
  // Appendix B leaves three spellings of the Persian yeh, and adds the two letters for foreign sounds.
  ...{
    ۃ: ['XTG'],
    ی: ['XYA', 'Y', 'XAY'],
    ۍ: ['XXY'],
    ې: ['Y'],
    ے: ['XYB'],
    ۓ: ['XBE'],
    ڤ: ['V'],
    ڥ: ['XF'],
  },
};
/** Tatweel, and the Maghrebi letters that the table lists as not encoded. */
const NOT_ENCODED = new Set(['ـ', 'ڜ', 'ڢ', 'ڧ', 'ڨ']);
const TEH_MARBUTA = 'ة';
const SHADDA = '\u0651';

const MAX_FORMS = 16;

export const isArabic = (word: string): boolean => /\p{Script=Arabic}/u.test(word);

function spell(letters: readonly string[], shadda: boolean): readonly string[] {
  const units: Spelled[] = [];
  for (const [index, letter] of letters.entries()) {
    const composed = letter.normalize('NFC');
    const [base = ''] = composed;
    if (NOT_ENCODED.has(base)) continue;
    const isLast = index === letters.length - 1;
    const spellings = base === TEH_MARBUTA ? [isLast ? 'XAH' : 'XTA'] : ARABIC[base];
    if (spellings === undefined) return [];
    const unit = { key: base, spellings };
    units.push(unit);
    if (shadda && composed.includes(SHADDA)) units.push(unit);
  }
  return combine(units, MAX_FORMS);
}

/** The spellings of a word: table C, and the same without shadda, which is seldom typed; none where it has a letter of another script. */
export const spellArabic = (letters: readonly string[]): readonly string[] => [
  ...spell(letters, true),
  ...spell(letters, false),
];
