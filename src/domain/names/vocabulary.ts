/** The words of a language that stand in names without being one: particles, titles, suffixes. In A–Z, as transliterated. */

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that join a surname and carry little identity of their own. Their absence is doubt, not contradiction. */
export const PARTICLES = setOf(
  'DE DEL DELA DELLA DELLE DEI DEGLI DI DA DO DAS DOS DU DES LA LE LAS LOS LES VAN VON VOM ZU ZUM ZUR DEN DER TEN TER ' +
    'TE HET AF AV AL EL UL AS AN ED AD IBN BIN BEN BINT BINTI BINTE BENT ABU ABI UMM OULD WALAD Y E I O MAC MC FITZ SAN ST',
);

/** Forms of one particle, which is written as it is heard. They count as the same only before the same word. */
export const PARTICLE_CLASSES: Readonly<Record<string, string>> = {
  ...{ AL: 'article', EL: 'article', UL: 'article', IL: 'article', OUL: 'article' },
  ...{ BIN: 'son', IBN: 'son', BEN: 'son' },
  ...{ BINT: 'daughter', BINTI: 'daughter', BINTE: 'daughter', BENT: 'daughter' },
};
export const ARTICLES: readonly string[] = ['AL', 'EL', 'UL', 'IL'];
/** The Arabic article takes on the sound of these, its sun letters, and is often written so (`AR RASHID`). */
export const SUN_LETTERS: readonly string[] = ['SH', 'TH', 'DH', ...'TDRZSLN'];

/** Words between a birth name and a married one; abbreviations of one word count as that word. */
export const CONNECTIVES: Readonly<Record<string, string>> = {
  ...{ EP: 'EPOUSE', EPS: 'EPOUSE', EPSE: 'EPOUSE', EPOUSE: 'EPOUSE', VVE: 'VEUVE', VEUVE: 'VEUVE' },
  ...{ NEE: 'NEE', GEB: 'GEBORENE', GEBORENE: 'GEBORENE', GEBOREN: 'GEBORENE', BORN: 'BORN', NATA: 'NATA' },
  ...{ VDA: 'VIUDA', VIUDA: 'VIUDA', ROZ: 'ROZENA', ROZENA: 'ROZENA' },
};

export const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ JR: 'JR', JNR: 'JR', JUNIOR: 'JR', SR: 'SR', SNR: 'SR', SENIOR: 'SR' },
  ...{ II: 'II', '2ND': 'II', III: 'III', '3RD': 'III', IV: 'IV', '4TH': 'IV' },
};

/** Forms of address, which are no part of a name (ICAO 9303-3, 4.6 keeps them out of the MRZ). They stand in front. */
export const TITLES = setOf('DR PROF PROFESSOR MR MRS MS MISS MX SIR MME MLLE DIPL SHRI SMT');
/** Degrees, which stand behind. */
export const DEGREES = setOf('PHD MBA MSC BSC ESQ CPA');
/** What some states print where there is no name. */
export const NAME_PLACEHOLDERS = setOf('FNU LNU NFN NLN XXX');

const MOHAMMED = ['MOHAMMED', 'MOHAMMAD', 'MUHAMMAD', 'MOHAMED', 'MUHAMMED', 'MOHAMAD', 'MUHAMAD'];
/** Abbreviations that stand on documents and forms as names. */
export const ABBREVIATIONS: Readonly<Record<string, readonly string[]>> = {
  MA: ['MARIA'],
  ...{ MD: MOHAMMED, MOHD: MOHAMMED, MUHD: MOHAMMED, MOH: MOHAMMED },
  ...{ ST: ['SAINT', 'SANKT'], STE: ['SAINTE'], STA: ['SANTA'], STO: ['SANTO'], FCO: ['FRANCISCO'] },
  ...{ WM: ['WILLIAM'], GEO: ['GEORGE'], CHAS: ['CHARLES'], JOS: ['JOSEPH'], THOS: ['THOMAS'] },
};

/**
 * Names that are common both as a given name and as a surname. Where every word of a name is one, nothing but a comma
 * says which is which, and the other order is another person.
 */
export const EITHER_NAME = setOf(
  'ADAM ALBERT ALEXANDER ALLAN ALLEN ANDRE ANDREW ANTHONY ARNOLD ARTHUR AUSTIN BENEDICT BENJAMIN BERNARD BLAIR BRUCE ' +
    'CAMERON CARTER CHARLES CLARK CLAUDE CLEMENT CRAIG CURTIS DANIEL DAVID DEAN DENIS DENNIS DOMINIC DOUGLAS DUNCAN ' +
    'EDWARD ELLIOT ELLIOTT ELLIS ERNEST EUGENE FELIX FRANCIS FRANCO FRANK FRANKLIN FRANZ FREDERICK GABRIEL GEORGE ' +
    'GERARD GILBERT GLENN GORDON GRAHAM GRANT GREGORY HAROLD HARRIS HARRISON HARRY HENRY HERBERT HERMAN HOWARD HUBERT ' +
    'HUGO IAN ISAAC JACK JACOB JAMES JASON JEAN JOEL JOHN JORDAN JOSE JOSEPH JULIAN JUSTIN KEITH KENNEDY KENNETH KIM ' +
    'LAMBERT LAURENT LAWRENCE LEE LEO LEON LEONARD LEOPOLD LESLIE LEWIS LLOYD LOGAN LOPE LORENZ LOUIS LUCAS LUDWIG ' +
    'LUKAS LYNN MARC MARCOS MARIN MARINO MARK MARKUS MARSHALL MARTIN MASON MATHIEU MATTHEW MATTHEWS MAURICE MAX MICHAEL ' +
    'MICHEL MILES MILLER MITCHELL MORGAN MORRIS MURRAY NATHAN NEIL NELSON NICHOLAS NICOLAS NORMAN OLIVER OSCAR OTTO ' +
    'OWEN PARKER PASCAL PATRICK PAUL PERRY PETER PETERS PHILIP PHILIPPE PIERRE QUENTIN RALPH RAPHAEL RAYMOND REED ' +
    'REMY RENE RICARDO RICHARD RILEY ROBERT ROBERTO ROBIN ROGER ROLAND ROMAN ROSS ROY RUSSELL RUTH RYAN SALVADOR ' +
    'SAMUEL SANTIAGO SANTOS SCOTT SEBASTIAN SIMON SIMONE SPENCER STANLEY STEPHEN STEVEN STEWART STUART SYLVESTER TAYLOR ' +
    'THEODORE THOMAS TIMOTHY TODD TOM TRAVIS TYLER VALENTIN VERNON VICTOR VINCENT VITO WALLACE WALTER WARREN WAYNE ' +
    'WERNER WESLEY WILLIAM WILLIAMS WILSON WOLF XAVIER',
);
