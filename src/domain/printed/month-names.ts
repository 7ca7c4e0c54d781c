import { lettersOnly } from './letters.js';

/**
 * Month names as documents print them, January to December, without diacritics: nominative and, where they differ, genitive. Any beginning
 * of three letters and more is taken for the abbreviation.
 */
const MONTHS: Readonly<Record<string, string>> = {
  en: 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER',
  fr: 'JANVIER FEVRIER MARS AVRIL MAI JUIN JUILLET AOUT SEPTEMBRE OCTOBRE NOVEMBRE DECEMBRE',
  de: 'JANUAR FEBRUAR MARZ|MAERZ|MRZ APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DEZEMBER',
  at: 'JANNER|JAENNER FEBER MARZ APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DEZEMBER',
  es: 'ENERO FEBRERO MARZO ABRIL MAYO JUNIO JULIO AGOSTO SEPTIEMBRE|SETIEMBRE OCTUBRE NOVIEMBRE DICIEMBRE',
  ca: 'GENER FEBRER MARC ABRIL MAIG JUNY JULIOL AGOST SETEMBRE OCTUBRE NOVEMBRE DESEMBRE',
  it: 'GENNAIO FEBBRAIO MARZO APRILE MAGGIO GIUGNO LUGLIO AGOSTO SETTEMBRE OTTOBRE NOVEMBRE DICEMBRE',
  pt: 'JANEIRO FEVEREIRO MARCO ABRIL MAIO JUNHO JULHO AGOSTO SETEMBRO OUTUBRO NOVEMBRO DEZEMBRO',
  nl: 'JANUARI FEBRUARI MAART|MRT APRIL MEI JUNI JULI AUGUSTUS SEPTEMBER OKTOBER NOVEMBER DECEMBER',
  da: 'JANUAR FEBRUAR MARTS APRIL MAJ JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DECEMBER',
  sv: 'JANUARI FEBRUARI MARS APRIL MAJ JUNI JULI AUGUSTI SEPTEMBER OKTOBER NOVEMBER DECEMBER',
  no: 'JANUAR FEBRUAR MARS APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DESEMBER',
  is: 'JANUAR FEBRUAR MARS APRIL MAI JUNI JULI AGUST SEPTEMBER OKTOBER NOVEMBER DESEMBER',
  // Without MARRASKUU's first three letters, which mean March in print everywhere.
  fi: 'TAMMIKUU HELMIKUU MAALISKUU HUHTIKUU TOUKOKUU KESAKUU HEINAKUU ELOKUU SYYSKUU LOKAKUU >MARRASKUU JOULUKUU',
  et: 'JAANUAR VEEBRUAR MARTS APRILL MAI JUUNI JUULI AUGUST SEPTEMBER OKTOOBER NOVEMBER DETSEMBER',
  lv: 'JANVARIS FEBRUARIS MARTS APRILIS MAIJS JUNIJS JULIJS AUGUSTS SEPTEMBRIS OKTOBRIS NOVEMBRIS DECEMBRIS',
  lt: 'SAUSIS|SAUSIO VASARIS|VASARIO KOVAS|KOVO BALANDIS|BALANDZIO GEGUZE|GEGUZES BIRZELIS|BIRZELIO LIEPA|LIEPOS RUGPJUTIS|RUGPJUCIO RUGSEJIS|RUGSEJO SPALIS|SPALIO LAPKRITIS|LAPKRICIO GRUODIS|GRUODZIO',
  pl: 'STYCZEN|STYCZNIA LUTY|LUTEGO MARZEC|MARCA KWIECIEN|KWIETNIA MAJ|MAJA CZERWIEC|CZERWCA LIPIEC|LIPCA SIERPIEN|SIERPNIA WRZESIEN|WRZESNIA PAZDZIERNIK|PAZDZIERNIKA LISTOPAD|LISTOPADA GRUDZIEN|GRUDNIA',
  cs: 'LEDEN|LEDNA UNOR|UNORA BREZEN|BREZNA DUBEN|DUBNA KVETEN|KVETNA CERVEN|CERVNA|CVN CERVENEC|CERVENCE|CVC SRPEN|SRPNA ZARI RIJEN|RIJNA LISTOPAD|LISTOPADU PROSINEC|PROSINCE',
  sk: 'JANUAR|JANUARA FEBRUAR|FEBRUARA MAREC|MARCA APRIL|APRILA MAJ|MAJA JUN|JUNA JUL|JULA AUGUST|AUGUSTA SEPTEMBER|SEPTEMBRA OKTOBER|OKTOBRA NOVEMBER|NOVEMBRA DECEMBER|DECEMBRA',
  hu: 'JANUAR FEBRUAR MARCIUS APRILIS MAJUS JUNIUS JULIUS AUGUSZTUS SZEPTEMBER OKTOBER NOVEMBER DECEMBER',
  ro: 'IANUARIE FEBRUARIE MARTIE APRILIE MAI IUNIE IULIE AUGUST SEPTEMBRIE OCTOMBRIE NOIEMBRIE DECEMBRIE',
  hr: 'SIJECANJ|SIJECNJA VELJACA|VELJACE OZUJAK|OZUJKA TRAVANJ|TRAVNJA SVIBANJ|SVIBNJA LIPANJ|LIPNJA SRPANJ|SRPNJA KOLOVOZ|KOLOVOZA RUJAN|RUJNA LISTOPAD|LISTOPADA STUDENI|STUDENOGA PROSINAC|PROSINCA',
  sl: 'JANUAR|JANUARJA FEBRUAR|FEBRUARJA MAREC|MARCA APRIL|APRILA MAJ|MAJA JUNIJ|JUNIJA JULIJ|JULIJA AVGUST|AVGUSTA SEPTEMBER|SEPTEMBRA OKTOBER|OKTOBRA NOVEMBER|NOVEMBRA DECEMBER|DECEMBRA',
  sr: 'JANUAR FEBRUAR MART|MARTA APRIL MAJ JUN JUL AVGUST SEPTEMBAR OKTOBAR NOVEMBAR DECEMBAR',
  bg: 'YANUARI|IANUARI FEVRUARI MART APRIL MAI|MAY YUNI|IUNI YULI|IULI AVGUST SEPTEMVRI OKTOMVRI NOEMVRI DEKEMVRI',
  uk: 'SICHEN|SICHNYA LIUTYI|LYUTOHO BEREZEN|BEREZNYA KVITEN|KVITNYA TRAVEN|TRAVNYA CHERVEN|CHERVNYA LYPEN|LYPNYA SERPEN|SERPNYA VERESEN|VERESNYA ZHOVTEN|ZHOVTNYA LYSTOPAD|LYSTOPADA HRUDEN|HRUDNYA',
  ru: 'YANVAR|YANVARYA FEVRAL|FEVRALYA MART|MARTA APREL|APRELYA MAI|MAYA IYUN|IYUNYA IYUL|IYULYA AVGUST|AVGUSTA SENTYABR OKTYABR NOYABR DEKABR',
  tr: 'OCAK SUBAT MART NISAN MAYIS HAZIRAN TEMMUZ AGUSTOS EYLUL EKIM KASIM ARALIK',
  sq: 'JANAR SHKURT MARS PRILL MAJ QERSHOR KORRIK GUSHT SHTATOR TETOR NENTOR DHJETOR',
  mt: 'JANNAR FRAR MARZU APRIL MEJJU GUNJU LULJU AWWISSU SETTEMBRU OTTUBRU NOVEMBRU DICEMBRU',
  ga: 'EANAIR FEABHRA MARTA AIBREAN BEALTAINE MEITHEAMH IUIL LUNASA MFOMHAIR|MEANFOMHAIR DFOMHAIR|DEIREADHFOMHAIR SAMHAIN NOLLAIG',
  cy: 'IONAWR CHWEFROR MAWRTH EBRILL MAI MEHEFIN GORFFENNAF AWST MEDI HYDREF TACHWEDD RHAGFYR',
  lb: 'JANUAR FEBRUAR MAERZ ABRELL MEE JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DEZEMBER',
};

const SHORTEST = 3;
/** Case endings that are not listed. */
const LONGEST_ENDING = 3;

interface Names {
  /** Months whose full name is this. */
  readonly full: ReadonlyMap<string, ReadonlySet<number>>;
  /** Months whose name begins so. */
  readonly beginning: ReadonlyMap<string, ReadonlySet<number>>;
}

function collectNames(): Names {
  const full = new Map<string, Set<number>>();
  const beginning = new Map<string, Set<number>>();
  const add = (to: Map<string, Set<number>>, key: string, month: number) =>
    to.set(key, (to.get(key) ?? new Set()).add(month));
  for (const months of Object.values(MONTHS))
    for (const [index, forms] of months.split(' ').entries())
      for (const form of forms.split('|')) {
        const shortest = form.startsWith('>') ? SHORTEST + 1 : SHORTEST;
        const name = form.replace('>', '');
        add(full, name, index + 1);
        for (let length = shortest; length <= name.length; length++)
          add(beginning, name.slice(0, length), index + 1);
      }
  return { full, beginning };
}

const NAMES = collectNames();

/** Abbreviations that begin names of two months, of which documents use but one. */
const SETTLED: Readonly<Record<string, number>> = { MAR: 3, JUN: 6, JUL: 7 };

/**
 * Months that a word may name. Languages share beginnings (`LIS` is October in Croatia, November in Poland): a second word beside it
 * may settle which.
 */
export function monthsNamed(word: string): ReadonlySet<number> {
  const letters = lettersOnly(word);
  const settled = SETTLED[letters];
  if (settled !== undefined) return new Set([settled]);
  // `MEI` is all of a Dutch month, and the beginning of an Irish one.
  const full = letters.length > SHORTEST ? NAMES.full.get(letters) : undefined;
  const known = full ?? NAMES.beginning.get(letters);
  if (known) return known;
  for (let cut = 1; cut <= LONGEST_ENDING && letters.length - cut > SHORTEST + 1; cut++) {
    const stem = NAMES.full.get(letters.slice(0, -cut));
    if (stem) return stem;
  }
  return new Set();
}

/**
 * The month that words side by side name in one or more languages; 0 where they name none, or not surely one. A word of a language that is
 * not known says nothing.
 */
export function monthOf(words: readonly string[]): number {
  let agreed: ReadonlySet<number> | undefined;
  for (const word of words) {
    const months = monthsNamed(word);
    if (months.size === 0) continue;
    const before = agreed;
    agreed = before === undefined ? months : new Set([...months].filter((month) => before.has(month)));
  }
  const [month, other] = [...(agreed ?? [])];
  return month !== undefined && other === undefined ? month : 0;
}
