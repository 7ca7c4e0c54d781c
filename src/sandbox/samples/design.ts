import { DATE_FORMS, type DateForm, type Language } from './labels.js';
import { pick, type Random } from './random.js';
import type { FamilyName } from './type-setter.js';

/** Tints of a document's paper and of the lines in it. */
export interface Palette {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly [string, string];
}

/** What two documents of one kind may differ in. */
export interface Design {
  /** Shapes the lines of the ground; empty for those of the standing samples. */
  readonly seed: string;
  readonly family: FamilyName;
  /** Of the labels. */
  readonly languages: readonly Language[];
  readonly dates: DateForm;
  /** Portrait on the right, print on the left. */
  readonly mirrored: boolean;
  /** Instead of the sheet's own. */
  readonly palette: Palette | null;
  /** Factor on the height of printed values and labels. */
  readonly type: number;
  /** By how much the fields stand elsewhere, in millimetres. */
  readonly shift: { readonly x: number; readonly y: number };
}

export const STANDING_DESIGN: Design = {
  seed: '',
  family: 'source-sans-3',
  languages: ['en', 'fr'],
  dates: 'named',
  mirrored: false,
  palette: null,
  type: 1,
  shift: { x: 0, y: 0 },
};

const PALETTES: readonly Palette[] = [
  { from: '#f3ecda', to: '#d9e6ea', lines: ['#8fb3bd', '#c7a98f'] },
  { from: '#e4efe6', to: '#e9e2f1', lines: ['#8db79b', '#a79bc4'] },
  { from: '#fbeeee', to: '#e8ecf6', lines: ['#d3a3a8', '#9fb0d2'] },
  { from: '#eef2f7', to: '#f6f1e3', lines: ['#9db3cc', '#cdbb8a'] },
  { from: '#f0f4e6', to: '#dcebe4', lines: ['#a9b984', '#7fb0a3'] },
  { from: '#f7e9dc', to: '#f3e6ee', lines: ['#d6a77f', '#bf9bb3'] },
  { from: '#e6eef0', to: '#e2e4ea', lines: ['#87a9b0', '#9c9fb0'] },
];

const FAMILIES: readonly FamilyName[] = ['source-sans-3', 'arimo', 'arimo', 'tinos', 'cousine'];

/** Dates that a machine-readable zone accompanies may be in any form; those of cards are numbers. */
const pickDates = (random: Random): DateForm => pick(random, ['named', 'named', ...DATE_FORMS.slice(1, -1)]);

const pairOf = (random: Random): readonly Language[] =>
  pick(random, [['en', 'fr'], ['en'], ['de', 'en'], ['fr', 'en'], ['es', 'en'], ['pl', 'en'], ['nl', 'en']]);

/** A design drawn by lot. */
export function drawDesign(seed: string, random: Random): Design {
  return {
    seed: `${seed}/`,
    family: pick(random, FAMILIES),
    languages: pairOf(random),
    dates: pickDates(random),
    mirrored: random.next() < 0.25,
    palette: pick(random, PALETTES),
    type: random.between(0.92, 1.06),
    shift: { x: random.between(-1, 1), y: random.between(-0.6, 0.6) },
  };
}
