import { compareTexts, type Segment } from './text-difference.js';
import type { Table } from './tally.js';

/** A picture that went wrong. */
export interface PageCase {
  readonly file: string;
  readonly format: string;
  readonly condition: string;
  /** JPEG, small. */
  readonly picture: Uint8Array;
  readonly outcome: string;
  readonly reasons: readonly string[];
  /** Lines, or `name: value` where the document has no zone. */
  readonly read: readonly string[];
  readonly truth: readonly string[];
  readonly quality: Readonly<Record<string, number>>;
}

export interface PageSection {
  readonly title: string;
  readonly cases: readonly PageCase[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for any place of a page, in quotes as well. What a document says is the attacker's text: control and formatting characters, which
 * turn the direction of what follows or hide it, become a visible sign.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const cell = (text: string | number): string => `<td>${escapeHtml(String(text))}</td>`;

function tableHtml({ title, head, rows }: Table): string {
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<h2>${escapeHtml(title)}</h2>
<table><thead><tr>${head.map((name) => `<th>${escapeHtml(name)}</th>`).join('')}</tr></thead>
<tbody>${body}</tbody></table>`;
}

/** One side of the comparison; where a character is missing there, a gap shows it. */
function sideHtml(segments: readonly Segment[], side: 'read' | 'truth'): string {
  return segments
    .map(({ differs, [side]: text }) =>
      differs ? `<mark>${escapeHtml(text || '␣')}</mark>` : escapeHtml(text),
    )
    .join('');
}

function textHtml({ read, truth }: PageCase): string {
  const rows = Array.from({ length: Math.max(read.length, truth.length) }, (_, i) =>
    compareTexts(read[i] ?? '', truth[i] ?? ''),
  );
  const side = (name: 'read' | 'truth') => rows.map((segments) => sideHtml(segments, name)).join('\n');
  return `<pre><b>read</b>\n${side('read')}\n\n<b>true</b>\n${side('truth')}</pre>`;
}

function caseHtml(one: PageCase): string {
  const quality = Object.entries(one.quality)
    .map(([name, value]) => `${name} ${Number(value.toFixed(3))}`)
    .join(' · ');
  const said = [one.format, one.condition, one.outcome, ...one.reasons].join(' · ');
  return `<article>
<img src="data:image/jpeg;base64,${Buffer.from(one.picture).toString('base64')}" alt="" loading="lazy">
<div><h3>${escapeHtml(one.file)}</h3><p>${escapeHtml(said)}</p>
${textHtml(one)}
<p class="quality">${escapeHtml(quality)}</p></div>
</article>`;
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 82rem; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .2rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
article { display: grid; gap: 1rem; grid-template-columns: minmax(12rem, 30rem) 1fr; margin: 1.5rem 0; }
img { max-width: 100%; }
pre { font: 14px/1.5 ui-monospace, monospace; overflow-x: auto; unicode-bidi: isolate; direction: ltr; }
mark { background: #ffb3a7; color: #000; }
h3 { margin: 0; overflow-wrap: anywhere; }
.quality { font-size: .85rem; opacity: .8; }
@media (max-width: 50rem) { article { grid-template-columns: 1fr; } }
`;

/**
 * A page that stands alone: no script, nothing loaded, all text escaped. It shows the pictures, so it holds personal data where they do.
 */
export function renderPage(
  title: string,
  tables: readonly Table[],
  sections: readonly PageSection[],
): string {
  const cases = sections.map(
    (section) =>
      `<h2>${escapeHtml(section.title)}: ${section.cases.length}</h2>\n${section.cases.map(caseHtml).join('\n')}`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${tables.map(tableHtml).join('\n')}
${cases.join('\n')}
</body></html>
`;
}
