/** Elements of a licence's code in the order of the standard; every one can be exchanged or left out. */
export const LICENCE_ELEMENTS = {
  DAQ: 'D1234562',
  DCS: 'PUBLIC',
  DDE: 'N',
  DAC: 'JOHN',
  DDF: 'N',
  DAD: 'QUINCY',
  DDG: 'N',
  DCA: 'D',
  DCB: 'NONE',
  DCD: 'NONE',
  DBD: '08242023',
  DBB: '01311990',
  DBA: '01312031',
  DBC: '1',
  DAU: '069 in',
  DAY: 'GRN',
  DAG: '789 E OAK ST',
  DAI: 'ANYTOWN',
  DAJ: 'CA',
  DAK: '902230000  ',
  DCF: '83D9BN217QO983B1',
  DCG: 'USA',
  DAW: '180',
  DAZ: 'BRO',
  DCK: '12345678900000000000',
  DDB: '02142014',
  DDK: '1',
} as const;

export interface AamvaFile {
  readonly iin?: string;
  readonly version?: string;
  readonly type?: 'DL' | 'ID';
  /** `undefined` leaves an element out; others are put behind. */
  readonly elements?: Readonly<Record<string, string | undefined>>;
  /** The issuer's own subfile. */
  readonly own?: string;
}

const digits = (value: number, width: number) => String(value).padStart(width, '0');

/** The text of a code as AAMVA DL/ID Card Design Standard, annex D has it, offsets and lengths counted. */
export function writeAamva({
  iin = '636014',
  version = '10',
  type = 'DL',
  elements = {},
  own,
}: AamvaFile = {}): string {
  const all: Readonly<Record<string, string | undefined>> = { ...LICENCE_ELEMENTS, ...elements };
  const lines = Object.entries(all).flatMap(([id, value]) => (value === undefined ? [] : [`${id}${value}`]));
  const subfiles = [
    { type, body: `${type}${lines.join('\n')}\r` },
    ...(own === undefined ? [] : [{ type: 'ZC', body: `ZC${own}\r` }]),
  ];
  const isFirst = version === '01';
  const head = `@\n\x1e\r${isFirst ? 'AAMVA' : 'ANSI '}${iin}${version}${isFirst ? '' : '00'}${digits(subfiles.length, 2)}`;
  let offset = head.length + 10 * subfiles.length;
  const designators = subfiles.map(({ type: name, body }) => {
    const designator = `${name}${digits(offset, 4)}${digits(body.length, 4)}`;
    offset += body.length;
    return designator;
  });
  return [head, ...designators, ...subfiles.map(({ body }) => body)].join('');
}
