/**
 * Records of a comma-separated text (RFC 4180: quotes, doubled quotes, CRLF or LF) as objects by the names of its first line.
 * A record that is shorter than the first line gives empty strings.
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [names = [], ...records] = splitRecords(text);
  return records.map((record) => Object.fromEntries(names.map((name, i) => [name.trim(), record[i] ?? ''])));
}

function splitRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  for (let i = 0; i < body.length; i++) {
    const character = body.charAt(i);
    if (quoted) {
      if (character !== '"') field += character;
      else if (body.charAt(i + 1) === '"') field += body.charAt(i++);
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') endField();
    else if (character === '\n') endRecord();
    else if (character !== '\r') field += character;
  }
  if (field !== '' || record.length > 0) endRecord();
  return records;
}
