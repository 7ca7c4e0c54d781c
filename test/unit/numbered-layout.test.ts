import { readPrintedFields, type PrintedLine } from '../../src/domain/document-fields.js';

/** A line of height 20 whose text begins at `left`, on the row `row`. */
const line = (text: string, row: number, left = 100): PrintedLine => ({
  text,
  confidence: 0.98,
  left,
  right: left + text.length * 12,
  middle: row * 30,
  height: 20,
});

const TITLE = line('DRIVING LICENCE', 0, 60);
const ISSUED = [line('4a.', 5, 60), line('24/02/2020', 5)];
const EXPIRES = [line('4b.', 6, 60), line('24/02/2030', 6)];
const BIRTH = line('16/11/1987 EASTMERE', 4);
const NUMBER = line('AXV071138', 7);
const today = '2026-11-28';

const valuesOf = (lines: readonly PrintedLine[]) =>
  Object.fromEntries(
    Object.entries(readPrintedFields(lines, today)).map(([name, { value }]) => [name, value]),
  );

describe('a driving licence whose single digits were not seen', () => {
  const whole = [TITLE, line('HOLLOWAY', 2), line('GRETA SOL', 3), BIRTH, ...ISSUED, ...EXPIRES, NUMBER];

  it('is read by its rows, in whatever order lines come', () => {
    const expected = {
      surname: 'HOLLOWAY',
      given_names: 'GRETA SOL',
      date_of_birth: '1987-11-16',
      expires_on: '2030-02-24',
      document_number: 'AXV071138',
    };
    expect(valuesOf(whole)).toMatchObject(expected);
    expect(valuesOf(whole.toReversed())).toMatchObject(expected);
  });

  it('is less sure of what no number announces', () => {
    const fields = readPrintedFields(whole, today);
    expect(fields.surname?.confidence).toBeLessThan(fields.expires_on?.confidence ?? 0);
    const numbered = readPrintedFields([line('1.', 2, 60), ...whole], today);
    expect(numbered.surname?.confidence).toBeGreaterThan(fields.surname?.confidence ?? 1);
    expect(numbered.given_names?.value).toBe('GRETA SOL');
  });

  it('says nothing of names where a row too many leaves two meanings open', () => {
    const three = [TITLE, line('VAN', 1), ...whole.slice(1)];
    expect(valuesOf(three)).not.toHaveProperty('surname');
    expect(valuesOf(three)).not.toHaveProperty('given_names');
    expect(valuesOf(three)).toHaveProperty('date_of_birth', '1987-11-16');
  });

  it('takes no row for its neighbour beyond a gap', () => {
    const torn = [
      TITLE,
      line('HOLLOWAY', -2),
      line('GRETA SOL', -1),
      BIRTH,
      ...ISSUED,
      ...EXPIRES,
      line('AXV071138', 10),
    ];
    expect(Object.keys(valuesOf(torn)).toSorted()).toEqual(['date_of_birth', 'expires_on']);
  });

  it('takes nothing for a number that has too few digits, or for a name that has any', () => {
    const other = [
      TITLE,
      line('HOLL0WAY 3', 2),
      line('GRETA SOL', 3),
      BIRTH,
      ...ISSUED,
      ...EXPIRES,
      line('AM/B1/B', 7),
    ];
    expect(valuesOf(other)).not.toHaveProperty('document_number');
    expect(valuesOf(other)).not.toHaveProperty('surname');
  });

  it('needs the rows of both dates, one right below the other', () => {
    const lone = whole.filter((one) => !ISSUED.includes(one));
    expect(valuesOf(lone)).not.toHaveProperty('surname');
  });
});
