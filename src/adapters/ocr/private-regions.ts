import type { Corner, PrivateRegion } from '../../app/ports/image-masker.js';
import {
  findPrivateNumbers,
  privateColumns,
  type DocumentContext,
  type PrivateNumberKind,
} from '../../domain/private-numbers.js';
import type { RgbRaster } from '../images/raster.js';
import { columnBox } from './mrz-candidate.js';
import type { MrzFinding } from './mrz-finder.js';
import type { ReadLine } from './printed-zone.js';
import { stretched, type TextBox } from './text-box.js';

/** Corners of a box as shares of the picture, which is stored at the same proportions. */
function regionOf(kind: PrivateNumberKind, box: TextBox, { width, height }: RgbRaster): PrivateRegion {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  const corner = (along: number, across: number): Corner => [
    (box.cx + along * cos - across * sin) / width,
    (box.cy + along * sin + across * cos) / height,
  ];
  const [u, v] = [box.length / 2, box.thickness / 2];
  return { kind, corners: [corner(-u, -v), corner(u, -v), corner(u, v), corner(-u, v)] };
}

/** Where national numbers and payment cards stand in print. */
export function privatePrint(
  raster: RgbRaster,
  lines: readonly ReadLine[],
  context: DocumentContext,
): readonly PrivateRegion[] {
  return findPrivateNumbers(lines, context).flatMap(({ kind, line, start, end }) => {
    const box = lines[line]?.box;
    if (!box) return [];
    const [from, to] = [(start - 0.5) * box.length, (end - 0.5) * box.length];
    return [regionOf(kind, stretched(box, from, to), raster)];
  });
}

/** Where a zone bears data at the issuer's discretion: mostly the national number. */
export function privateZone(raster: RgbRaster, finding: MrzFinding): readonly PrivateRegion[] {
  return privateColumns(finding.format, finding.lines).flatMap(({ line, from, to }) => {
    const box = columnBox(finding, line, from, to);
    return box ? [regionOf('national_number', box, raster)] : [];
  });
}

/** Lines that repeat, in print, what stands in those columns of a zone. */
export function repeatedInPrint(
  raster: RgbRaster,
  { format, lines: zone }: MrzFinding,
  lines: readonly ReadLine[],
): readonly PrivateRegion[] {
  const numbers = privateColumns(format, zone)
    .map(({ line, from, to }) => digitsOf((zone[line] ?? '').slice(from, to)))
    .filter((digits) => digits.length >= LEAST_DIGITS);
  return lines
    .filter(({ text }) => numbers.some((digits) => digitsOf(text).includes(digits)))
    .map(({ box }) => regionOf('national_number', box, raster));
}

/** Fewer stand in other numbers by chance. */
const LEAST_DIGITS = 6;
const digitsOf = (text: string): string => text.replace(/\D/g, '');
