import { readFile } from 'node:fs/promises';
import { parseCsv } from '../../src/cli/csv.js';

export interface Pair {
  readonly a: string;
  readonly b: string;
  /** Whether both show one person. */
  readonly isGenuine: boolean;
  /** Group of people whose figures are wanted of their own; empty where none is named. */
  readonly group: string;
}

/** Pairs of a CSV file with the columns `a`, `b`, `same` (1 = one person), and perhaps `group`. @throws Error `pairs_need_columns` */
export async function readPairs(csv: string): Promise<readonly Pair[]> {
  return parseCsv(await readFile(csv, 'utf8')).map(({ a, b, same, group = '' }) => {
    if (!a || !b || same === undefined) throw new Error('pairs_need_columns');
    return { a, b, isGenuine: same === '1', group };
  });
}
