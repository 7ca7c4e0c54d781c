import {
  alignBlocks,
  besides,
  cropLine,
  facing,
  laplacianVariance,
  mergeCollinear,
  rowPosition,
  standsIn,
  turned,
  type TextBox,
} from '../../src/adapters/ocr/text-box.js';
import type { RgbRaster } from '../../src/adapters/images/raster.js';

const box = (changes: Partial<TextBox> = {}): TextBox => ({
  cx: 200,
  cy: 100,
  length: 300,
  thickness: 20,
  angle: 0,
  score: 0.9,
  ...changes,
});

/** A raster whose red is the column and whose green is the row, so that a crop tells where it was taken. */
function ramp(width: number, height: number): RgbRaster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([x, y, 0], (y * width + x) * 3);
  return { data, width, height };
}

describe('collinear boxes', () => {
  it('become one line', () => {
    const parts = [box({ cx: 100, length: 180 }), box({ cx: 260, cy: 101, length: 110 })];
    const [line, ...others] = mergeCollinear(parts);
    expect(others).toEqual([]);
    expect(line?.length).toBeCloseTo(305, 0);
    expect(line?.cx).toBeCloseTo(162.5, 0);
  });

  it.each([
    ['on another line', { cx: 300, cy: 125, length: 110 }],
    ['far away', { cx: 420, length: 60 }],
    ['of another size', { cx: 260, length: 110, thickness: 45 }],
    ['of another direction', { cx: 260, length: 110, angle: 0.4 }],
  ])('stay apart when one is %s', (_, changes) => {
    expect(mergeCollinear([box({ cx: 100, length: 180 }), box(changes)])).toHaveLength(2);
  });
});

describe('lines of one block', () => {
  it('are stretched to the longest, so that a line cut short is read whole', () => {
    const [first, second] = alignBlocks([
      box({ cx: 120, length: 290 }),
      box({ cx: 130, cy: 140, length: 320 }),
    ]);
    expect([
      (first?.cx ?? 0) - (first?.length ?? 0) / 2,
      (first?.cx ?? 0) + (first?.length ?? 0) / 2,
    ]).toEqual([-30, 290]);
    expect(second?.length).toBe(320);
  });

  it('do not stretch lines that are far apart', () => {
    const [first] = alignBlocks([box({ length: 290 }), box({ cy: 400, length: 320 })]);
    expect(first?.length).toBe(290);
  });
});

describe('directions', () => {
  it('face the way of the reference', () => {
    expect(Math.cos(facing(box({ angle: 3 }), box()).angle)).toBeCloseTo(Math.cos(3 + Math.PI));
    expect(facing(box({ angle: 0.3 }), box()).angle).toBe(0.3);
  });

  it('order lines from first to last, upside down as well', () => {
    const [upper, lower] = [box(), box({ cy: 140 })];
    expect(rowPosition(upper)).toBeLessThan(rowPosition(lower));
    expect(rowPosition(turned(upper))).toBeGreaterThan(rowPosition(turned(lower)));
  });

  it('put a neighbour below in the reading direction', () => {
    expect(besides(box(), 50)).toMatchObject({ cx: 200, cy: 150 });
    expect(besides(box({ angle: Math.PI }), 50).cy).toBeCloseTo(50);
    expect(besides(box({ angle: Math.PI / 2 }), 50).cx).toBeCloseTo(150);
  });

  it('tell what lies within a line', () => {
    expect(standsIn(box(), box({ cx: 300, length: 20 }))).toBe(true);
    expect(standsIn(box(), box({ cx: 300, cy: 115, length: 20 }))).toBe(false);
    expect(standsIn(box(), box({ cx: 400, length: 20 }))).toBe(false);
  });
});

describe('crops', () => {
  const inColour = (lineHeight: number) => ({ lineHeight, planes: 3 }) as const;
  const raster = ramp(200, 200);
  /** Column and row of the raster that a pixel of the crop came from. */
  const source = (crop: ReturnType<typeof cropLine>, x: number, y: number) => {
    const [i, plane] = [y * crop.width + x, crop.width * crop.height];
    return [0, 1].map((channel) => Math.round(((crop.data[channel * plane + i] ?? 0) + 1) * 127.5));
  };

  it('are as high as asked, in proportion', () => {
    const crop = cropLine(raster, box({ cx: 100, length: 100, thickness: 20 }), inColour(40));
    expect([crop.width, crop.height, crop.data.length]).toEqual([200, 40, 3 * 200 * 40]);
  });

  it('hold luma where one plane is asked for', () => {
    const line = box({ cx: 100, cy: 60, length: 80, thickness: 20 });
    const colour = cropLine(raster, line, inColour(20));
    const grey = cropLine(raster, line, { lineHeight: 20, planes: 1 });
    const plane = grey.width * grey.height;
    expect([grey.width, grey.height, grey.data.length]).toEqual([80, 20, plane]);
    for (const i of [0, 79, 800, plane - 1]) {
      const [red, green, blue] = [0, 1, 2].map((channel) => colour.data[channel * plane + i]!);
      expect(grey.data[i]).toBeCloseTo(0.299 * red! + 0.587 * green! + 0.114 * blue!, 5);
    }
  });

  it('show the line upright', () => {
    const crop = cropLine(raster, box({ cx: 100, cy: 60, length: 80, thickness: 20 }), inColour(20));
    expect(source(crop, 0, 0)).toEqual([60, 50]);
    expect(source(crop, 79, 19)).toEqual([139, 69]);
  });

  it('turn a line that runs upwards or upside down', () => {
    const upwards = cropLine(
      raster,
      box({ cx: 100, cy: 100, length: 80, angle: -Math.PI / 2 }),
      inColour(20),
    );
    expect(source(upwards, 0, 0)).toEqual([90, 139]);
    const inverted = cropLine(raster, box({ cx: 100, cy: 100, length: 80, angle: Math.PI }), inColour(20));
    expect(source(inverted, 0, 0)).toEqual([139, 109]);
  });

  it('repeat the border beyond the picture', () => {
    const crop = cropLine(raster, box({ cx: 0, cy: 100, length: 80, thickness: 20 }), inColour(20));
    expect(source(crop, 0, 10)[0]).toBe(0);
  });

  it('tell focus: a flat crop has none, an edge has some', () => {
    const flat = { data: new Uint8Array(60 * 60 * 3).fill(90), width: 60, height: 60 };
    const edge = { ...flat, data: flat.data.map((_, i) => (i % 180 < 90 ? 0 : 255)) };
    const line = box({ cx: 30, cy: 30, length: 50, thickness: 20 });
    expect(laplacianVariance(cropLine(flat, line, inColour(20)))).toBe(0);
    expect(laplacianVariance(cropLine(edge, line, inColour(20)))).toBeGreaterThan(100);
  });
});
