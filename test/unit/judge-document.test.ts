import { judgeDocument } from '../../src/adapters/images/judge-document.js';
import { findZone, measureLines } from '../../src/adapters/images/text-zone.js';
import { blurred, drawZone, lit, shaken, type DrawnZone, type ZonePage } from '../support/zone-page.js';

const reasonsOf = ({ raster, boxes }: DrawnZone, unread = false) =>
  judgeDocument(raster, boxes, { unread }).reasons;
const zoneOf = ({ raster, boxes }: DrawnZone) => findZone(measureLines(raster, boxes));

const TD1: ZonePage = { rows: 3, characters: 30, spacing: 1.8, pitch: 20 };
const TD2: ZonePage = { characters: 36 };

/** A soft round reflection; the strength is in grey levels at its middle. */
const reflected = ({ raster, boxes }: DrawnZone, x0: number, y0: number, radius: number): DrawnZone => ({
  raster: lit(raster, (value, x, y) => {
    const distance = Math.hypot(x - x0, y - y0) / radius;
    return value + 420 * Math.exp(-(distance ** 4));
  }),
  boxes,
});

describe('a machine-readable zone', () => {
  it.each([
    ['TD3', {}, 44, 2],
    ['TD2', TD2, 36, 2],
    ['TD1', TD1, 30, 3],
  ])('of a %s is found by its pitch, and its characters counted', (_, page, characters, rows) => {
    const zone = zoneOf(drawZone(page));
    expect(zone?.rows).toHaveLength(rows);
    expect(Math.abs((zone?.characters ?? 0) - characters)).toBeLessThan(0.9);
  });

  it('is no text of many lines, and no single line of another length', () => {
    expect(zoneOf(drawZone({ rows: 5, top: 200 }))).toBeNull();
    expect(zoneOf(drawZone({ rows: 1, characters: 22 }))).toBeNull();
    expect(zoneOf(drawZone({ rows: 1 }))?.rows).toHaveLength(1);
  });

  it.each([
    ['TD3', {}],
    ['TD2', TD2],
    ['TD1', TD1],
    ['faint', { paper: 200, ink: 150 }],
    ['upside down', {}],
  ])('passes when it is clear: %s', (name, page) => {
    const { raster, boxes } = drawZone(page);
    const seen =
      name === 'upside down' ? boxes.map((box) => ({ ...box, angle: Math.PI + box.angle })) : boxes;
    expect(reasonsOf({ raster, boxes: seen })).toEqual([]);
    expect(reasonsOf({ raster, boxes: seen }, true)).toEqual([]);
  });

  it('is blurry out of focus, and after a movement', async () => {
    const { raster, boxes } = drawZone();
    expect(reasonsOf({ raster: await blurred(raster, 6), boxes })).toEqual(['document_blurry']);
    expect(reasonsOf({ raster: shaken(raster, 18), boxes })).toEqual(['document_blurry']);
  });

  it('is blurry also where all around it is sharp', async () => {
    const { raster, boxes } = drawZone();
    const soft = await blurred(raster, 4);
    const onTable = lit(soft, (value, x, y) => (y < 500 ? (((x >> 2) + (y >> 2)) % 2) * 180 + 30 : value));
    expect(reasonsOf({ raster: onTable, boxes })).toEqual(['document_blurry']);
  });

  it('is called blurry for less once it could not be read', async () => {
    const { raster, boxes } = drawZone();
    const soft = { raster: await blurred(raster, 2.2), boxes };
    expect(reasonsOf(soft)).toEqual([]);
    expect(reasonsOf(soft, true)).toEqual(['document_blurry']);
  });

  it('is too small below 4.5 pixels a character', () => {
    const small = drawZone({ width: 400, height: 300, pitch: 4, left: 60, top: 240 });
    expect(reasonsOf(small)).toEqual(['document_too_small']);
    const enough = drawZone({ width: 400, height: 300, pitch: 6.5, left: 50, top: 240 });
    expect(reasonsOf(enough)).toEqual([]);
  });

  it('suffers from a reflection on it, and from none beside it', () => {
    expect(reasonsOf(reflected(drawZone(), 480, 580, 170))).toEqual(['document_glare']);
    expect(reasonsOf(reflected(drawZone(), 480, 200, 170))).toEqual([]);
  });

  it('suffers from a reflection on nearly white paper', () => {
    expect(reasonsOf(reflected(drawZone({ paper: 248 }), 480, 580, 170))).toEqual(['document_glare']);
  });

  it('bears a small reflection, which is named once it could not be read', () => {
    const small = reflected(drawZone(), 480, 560, 50);
    expect(reasonsOf(small)).toEqual([]);
    expect(reasonsOf(small, true)).toEqual(['document_glare']);
  });

  it.each([
    ['left', { left: -100 }],
    ['right', { left: 330 }],
    ['bottom', { top: 660 }],
  ])('is cut off at the %s', (_, page) => {
    expect(reasonsOf(drawZone(page))).toEqual(['document_cut_off']);
  });

  it('is cut off where the third row of a card is missing', () => {
    expect(reasonsOf(drawZone({ ...TD1, top: 640 }))).toEqual(['document_cut_off']);
  });

  it('is whole right beside the border', () => {
    expect(reasonsOf(drawZone({ width: 44 * 18 + 20, left: 18 }))).toEqual([]);
  });

  it('is unreadable where hardly any contrast is left', () => {
    const { raster, boxes } = drawZone({ paper: 9, ink: 4 });
    expect(reasonsOf({ raster, boxes })).toEqual(['document_unreadable']);
  });
});

it('names its measures', () => {
  const { raster, boxes } = drawZone();
  const { quality } = judgeDocument(raster, boxes);
  expect(quality).toMatchObject({ text_lines: 2, zone_rows: 2, zone_washed: 0 });
  expect(quality['zone_pitch_px']).toBeCloseTo(18, 0);
  for (const value of Object.values(quality)) expect(Number.isFinite(value)).toBe(true);
});
