import { escapeHtml } from '../documents/page.js';
import type { Table } from '../documents/tally.js';

/** Two pictures whose score is on the wrong side, or nearest to it. */
export interface ShownPair {
  readonly a: string;
  readonly b: string;
  readonly score: number | null;
  /** JPEG, small; `null` where the picture could not be read. */
  readonly pictures: readonly [Uint8Array | null, Uint8Array | null];
}

export interface PairSection {
  readonly title: string;
  readonly pairs: readonly ShownPair[];
}

export interface Drawing {
  readonly title: string;
  readonly svg: string;
}

function tableHtml({ title, head, rows }: Table): string {
  const cells = (tag: 'th' | 'td', values: readonly (string | number)[]) =>
    values.map((value) => `<${tag}>${escapeHtml(String(value))}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<h2>${escapeHtml(title)}</h2>
<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`;
}

const pictureHtml = (picture: Uint8Array | null): string =>
  picture === null
    ? '<span>not readable</span>'
    : `<img src="data:image/jpeg;base64,${Buffer.from(picture).toString('base64')}" alt="">`;

const pairHtml = ({ a, b, score, pictures }: ShownPair): string =>
  `<figure>${pictures.map(pictureHtml).join('')}
<figcaption>${score === null ? 'no face' : score.toFixed(3)}<br>${escapeHtml(a)}<br>${escapeHtml(b)}</figcaption></figure>`;

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .2rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.drawings, .pairs { display: flex; flex-wrap: wrap; gap: 1rem; }
.drawings > div { flex: 1 1 28rem; }
figure { margin: 0; max-width: 17rem; overflow-wrap: anywhere; font-size: .85rem; }
figure img { height: 8rem; margin-right: .3rem; }
svg { width: 100%; font-size: 12px; }
svg text { fill: currentColor; }
.frame { fill: none; stroke: currentColor; opacity: .4; }
polyline { fill: none; stroke-width: 1.5; }
.genuine { stroke: #2a8f4d; } .impostor { stroke: #c9402f; } .mark { stroke: currentColor; stroke-dasharray: 4 4; }
svg .c0 { stroke: #2a6fb8; } svg .c1 { stroke: #c9402f; } svg .c2 { stroke: #b07d1a; } svg .c3 { stroke: #2a8f4d; }
svg text.c0 { fill: #2a6fb8; stroke: none; } svg text.c1 { fill: #c9402f; stroke: none; }
svg text.c2 { fill: #b07d1a; stroke: none; } svg text.c3 { fill: #2a8f4d; stroke: none; }
`;

/** A page that stands alone: no script, nothing loaded, all text escaped. It shows the pictures, so it holds personal data where they do. */
export function renderFacesPage(
  tables: readonly Table[],
  drawings: readonly Drawing[],
  sections: readonly PairSection[],
): string {
  const drawn = drawings.map(({ title, svg }) => `<div><h3>${escapeHtml(title)}</h3>\n${svg}</div>`);
  const shown = sections.map(
    ({ title, pairs }) =>
      `<h2>${escapeHtml(title)}</h2>\n<div class="pairs">${pairs.map(pairHtml).join('\n')}</div>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Face comparison</title><style>${STYLE}</style></head>
<body><h1>Face comparison</h1>
${tables.map(tableHtml).join('\n')}
<div class="drawings">${drawn.join('\n')}</div>
${shown.join('\n')}
</body></html>
`;
}
