/** Insertions, deletions and substitutions from one text to the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  return distances(a, b)[a.length]?.[b.length] ?? 0;
}

/** Distances of every start of one text to every start of the other. */
function distances(a: string, b: string): readonly (readonly number[])[] {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1] ?? [];
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(
        Math.min(
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (above[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
        ),
      );
    rows.push(row);
  }
  return rows;
}

/** A run of characters that are alike in both texts, or differ. */
export interface Segment {
  readonly differs: boolean;
  readonly read: string;
  readonly truth: string;
}

/**
 * What was read beside what is true, cut where they differ. Texts of one length are compared place by place, as the places of a zone mean
 * something; others are aligned with the fewest changes.
 */
export function compareTexts(read: string, truth: string): readonly Segment[] {
  const pairs = read.length === truth.length ? inPlace(read, truth) : aligned(read, truth);
  const segments: Segment[] = [];
  for (const [a, b] of pairs) {
    const differs = a !== b;
    const last = segments.at(-1);
    if (last?.differs === differs)
      segments[segments.length - 1] = { differs, read: last.read + a, truth: last.truth + b };
    else segments.push({ differs, read: a, truth: b });
  }
  return segments;
}

type Pair = readonly [read: string, truth: string];

const inPlace = (a: string, b: string): readonly Pair[] =>
  Array.from({ length: a.length }, (_, i) => [a.charAt(i), b.charAt(i)] as const);

function aligned(a: string, b: string): readonly Pair[] {
  const rows = distances(a, b);
  const at = (i: number, j: number) => (i < 0 || j < 0 ? Infinity : (rows[i]?.[j] ?? Infinity));
  const pairs: Pair[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const here = at(i, j);
    if (here === at(i - 1, j - 1) + Number(a[i - 1] !== b[j - 1])) pairs.push([a.charAt(--i), b.charAt(--j)]);
    else if (here === at(i - 1, j) + 1) pairs.push([a.charAt(--i), '']);
    else pairs.push(['', b.charAt(--j)]);
  }
  return pairs.reverse();
}
