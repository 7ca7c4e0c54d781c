import type { Design, Palette } from './design.js';
import { makePen, printOn, type DrawingKit } from './document-art.js';
import { ID1 } from './identity-card.js';
import { makeRandom, pick } from './random.js';
import type { Raster } from './raster.js';

/** What a payment card shows. */
export interface PaymentCardData {
  /** Digits only; one of {@link TEST_CARD_NUMBERS}. */
  readonly number: string;
  /** `YYYY-MM-DD`; month and year are shown. */
  readonly expiresOn: string;
  readonly holder: string;
  /** Raised figures, or print. */
  readonly embossed: boolean;
}

/** Numbers that payment providers publish for tests: they satisfy Luhn's formula (ISO/IEC 7812-1, annex B) and belong to nobody. */
export const TEST_CARD_NUMBERS = [
  '4111111111111111',
  '4012888888881881',
  '4242424242424242',
  '5555555555554444',
  '5105105105105100',
  '6011111111111117',
  '378282246310005',
] as const;

/** In fours; the fifteen digits of some schemes in four, six and five. */
const grouped = (number: string): string =>
  number.length === 15
    ? number.replace(/^(.{4})(.{6})(.{5})$/, '$1 $2 $3')
    : number.replace(/(.{4})(?=.)/g, '$1 ');

const STANDING_PLASTIC: Palette = { from: '#27425f', to: '#5b7f95', lines: ['#7fa0b8', '#3f6486'] };
const PLASTICS: readonly Palette[] = [
  STANDING_PLASTIC,
  { from: '#2b2b30', to: '#4d4f57', lines: ['#6d6f78', '#3a3b42'] },
  { from: '#5b1f2e', to: '#8d4553', lines: ['#b27480', '#6f2f3e'] },
  { from: '#1f4d3f', to: '#4f8570', lines: ['#7bab97', '#2f6654'] },
  { from: '#6a5a8c', to: '#9a8ab5', lines: ['#b8abcd', '#76669a'] },
];

const groundOf = ({ seed }: Design) => ({
  ...ID1,
  ...(seed === '' ? STANDING_PLASTIC : pick(makeRandom(`${seed}plastic`), PLASTICS)),
  rosette: { x: 58, y: 24, radius: 18 },
  seed,
});

const CHIP = [
  '<rect x="7" y="17.5" width="11" height="8.6" rx="1.5" fill="#d9bd6b" stroke="#8d7433" stroke-width="0.25"/>',
  '<path d="M7 20.4h3.6v2.9H7M18 20.4h-3.6v2.9H18M10.6 17.5v8.6M14.4 17.5v8.6" fill="none" stroke="#8d7433" stroke-width="0.25"/>',
].join('');

/** Two rings, the mark of no scheme there is. */
const SCHEME =
  '<g fill="none" stroke="#e9edf2" stroke-width="1.1" opacity="0.85"><circle cx="71.5" cy="45" r="4"/><circle cx="76.5" cy="45" r="4"/></g>';

/**
 * Draws the front of a payment card of an invented bank, marked SPECIMEN.
 *
 * @param width of the raster in pixels
 */
export async function drawPaymentCard(
  data: PaymentCardData,
  design: Design,
  width: number,
  kit: DrawingKit,
): Promise<Raster> {
  const pen = makePen(await kit.typeCase(design.family));
  const { regular, bold } = await kit.typeCase('cousine');
  /** Raised figures catch light above and leave a shadow below. */
  const raised = (text: string, x: number, y: number, size: number): string => {
    const style = { face: data.embossed ? bold : regular, size };
    const face = pen.text(text, x, y, { ...style, ink: '#eef1f4' });
    if (!data.embossed) return face;
    return (
      pen.text(text, x + 0.18, y + 0.2, { ...style, ink: '#14222f' }) +
      pen.text(text, x - 0.12, y - 0.13, { ...style, ink: '#ffffff' }) +
      pen.text(text, x, y, { ...style, ink: '#c9d2da' })
    );
  };
  const light = '#e9edf2';
  const print =
    pen.text('BANK OF UTOPIA', 7, 9.5, { face: bold, size: 4.2, ink: light }) +
    pen.text('debit', 78.5, 9.5, { size: 3.6, ink: light, anchor: 'end' }) +
    pen.specimenMark(44, 22, 11, -16) +
    CHIP +
    raised(grouped(data.number), 7, 34.5, 6) +
    pen.text('VALID THRU', 33, 41, { size: 1.7, ink: light }) +
    raised(`${data.expiresOn.slice(5, 7)}/${data.expiresOn.slice(2, 4)}`, 45, 41.6, 3.6) +
    raised(data.holder.toUpperCase(), 7, 48.6, 3.4) +
    SCHEME;
  return printOn(groundOf(design), print, width, [], kit);
}
