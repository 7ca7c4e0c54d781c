import bwipjs from 'bwip-js/node';

/** The modules of a two-dimensional symbol, dark ones `true`, rows from the top. */
interface Modules {
  readonly columns: number;
  readonly rows: number;
  /** Of a row, in widths of a module. */
  readonly rowHeight: number;
  readonly isDark: (column: number, row: number) => boolean;
}

/** Error correction level 5 and rows three modules high, as AAMVA DL/ID-2020, annex D.3 recommends. */
const PDF417_OPTIONS = 'columns=11 eclevel=5 rowmult=3';

function encodePdf417(text: string): Modules {
  const [symbol] = bwipjs.raw('pdf417', text, PDF417_OPTIONS);
  if (symbol === undefined || !('pixs' in symbol)) throw new Error('barcode_not_drawn');
  const { pixs, pixx, pixy } = symbol;
  const rows = pixs.length / pixx;
  return {
    columns: pixx,
    rows,
    rowHeight: pixy / rows,
    isDark: (column, row) => pixs[row * pixx + column] === 1,
  };
}

/** The dark runs of a row of modules, as parts of an SVG path in units of a module. */
function runsOfRow({ columns, isDark }: Modules, row: number): string {
  const runs: string[] = [];
  for (let column = 0; column < columns; column++) {
    if (!isDark(column, row) || (column > 0 && isDark(column - 1, row))) continue;
    let end = column + 1;
    while (end < columns && isDark(end, row)) end++;
    runs.push(`M${column} ${row}h${end - column}v1h${column - end}z`);
  }
  return runs.join('');
}

/**
 * Draws a PDF417 symbol (ISO/IEC 15438) on a white field.
 *
 * @param text ASCII
 * @param width of the symbol without its quiet zone, in the drawing's units
 * @returns SVG, and the height that the symbol takes
 */
export function drawPdf417(
  text: string,
  x: number,
  y: number,
  width: number,
): { readonly drawing: string; readonly height: number } {
  const modules = encodePdf417(text);
  const unit = width / modules.columns;
  const rowHeight = modules.rowHeight * unit;
  const height = modules.rows * rowHeight;
  // ISO/IEC 15438, 5.8.3: two modules of light around the symbol at the least.
  const quiet = 3 * unit;
  const bars = Array.from({ length: modules.rows }, (_, row) => runsOfRow(modules, row)).join('');
  return {
    height,
    drawing:
      `<rect x="${x - quiet}" y="${y - quiet}" width="${width + 2 * quiet}" height="${height + 2 * quiet}" fill="#fdfdfb"/>` +
      `<path d="${bars}" fill="#14161a" transform="translate(${x} ${y}) scale(${unit} ${rowHeight})"/>`,
  };
}
