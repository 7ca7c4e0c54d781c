import { isBars, measureLine } from '../../src/adapters/images/text-line.js';
import type { RgbRaster } from '../../src/adapters/images/raster.js';
import type { TextBox } from '../../src/adapters/ocr/text-box.js';
import { blurred, drawZone, lit, shaken, type ZonePage } from '../support/zone-page.js';

function firstRow(page: ZonePage = {}): { raster: RgbRaster; box: TextBox } {
  const { raster, boxes } = drawZone(page);
  const [box] = boxes;
  if (!box) throw new Error('no_row');
  return { raster, box };
}

describe('steepness of edges', () => {
  it('depends neither on the size of print nor on its contrast', () => {
    const { raster, box } = firstRow();
    const { along, across } = measureLine(raster, box);
    const faint = firstRow({ paper: 200, ink: 120 });
    const large = firstRow({ width: 2000, height: 1400, pitch: 36, left: 200, top: 1120 });
    for (const other of [faint, large]) {
      const measures = measureLine(other.raster, other.box);
      expect(Math.abs(measures.along - along)).toBeLessThan(0.2 * along);
      expect(Math.abs(measures.across - across)).toBeLessThan(0.2 * across);
    }
  });

  it('falls with blur, in all directions', async () => {
    const { raster, box } = firstRow();
    const sharp = measureLine(raster, box);
    const soft = measureLine(await blurred(raster, 3), box);
    const softer = measureLine(await blurred(raster, 5), box);
    for (const direction of ['along', 'across', 'falling', 'rising'] as const) {
      expect(soft[direction]).toBeLessThan(0.7 * sharp[direction]);
      expect(softer[direction]).toBeLessThan(soft[direction]);
    }
  });

  it('falls only in the direction of a movement', () => {
    const { raster, box } = firstRow();
    const { along, across } = measureLine(shaken(raster, 12), box);
    expect(along).toBeLessThan(0.6 * across);
  });
});

describe('pitch', () => {
  it.each([6, 9.5, 18, 33.3])('is found at %d pixels', (pitch) => {
    const { raster, box } = firstRow({
      width: Math.ceil(pitch * 50),
      pitch,
      left: pitch * 3,
      height: Math.ceil(pitch * 12),
      top: pitch * 4,
    });
    const measured = (measureLine(raster, box).pitch ?? 0) * box.thickness;
    expect(Math.abs(measured - pitch)).toBeLessThan(0.02 * pitch);
  });

  it('is found in a blurred line and in one that is turned', async () => {
    const { raster, box } = firstRow();
    expect(measureLine(await blurred(raster, 4), box).pitch).toBeCloseTo(1 / 1.6, 1);
    expect(measureLine(raster, { ...box, angle: Math.PI }).pitch).toBeCloseTo(1 / 1.6, 1);
  });

  it('is not found on blank paper or at irregular distances', () => {
    const { raster, box } = firstRow();
    expect(
      measureLine(
        lit(raster, () => 200),
        box,
      ).pitch,
    ).toBeNull();
    // Every stroke moves on by another amount.
    const irregular = lit(raster, (_, x) => (Math.sin(x * x * 0.0021) > 0.3 ? 40 : 220));
    expect(measureLine(irregular, box).pitch).toBeNull();
  });
});

it('tells bars from writing', () => {
  const { raster, box } = firstRow();
  expect(isBars(measureLine(raster, box))).toBe(false);
  const bars = lit(raster, (_, x) => (x % 14 < 5 ? 40 : 220));
  expect(isBars(measureLine(bars, box))).toBe(true);
});

it('sees where a line is blown out', () => {
  const { raster, box } = firstRow();
  const { windows } = measureLine(
    lit(raster, (value, x) => (x > 400 && x < 600 ? 255 : value)),
    box,
  );
  const middle = windows[Math.floor(windows.length / 2)];
  expect(middle?.blown).toBeGreaterThan(0.9);
  expect(windows[1]?.blown).toBe(0);
  expect(windows[1]?.paper).toBeGreaterThan((windows[1]?.ink ?? 0) + 100);
});
