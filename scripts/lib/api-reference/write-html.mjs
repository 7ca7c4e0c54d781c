/**
 * The reference as the body of one page: landmarks, headings and tables, nothing that moves. It needs no script and no style of its own, so
 * the strictest content security policy lets it through.
 *
 * @param {ReturnType<typeof import('./read-reference.mjs').readReference>} reference
 * @returns {string}
 */
export function writeHtml(reference) {
  const { title, version, summary, description, groups, messages, schemas, problems, generalProblems } =
    reference;
  return `
<a class="skip-link" href="#content">Skip to the reference</a>
<header class="reference-head">
  <h1>${escape(title)} API <span class="version">${escape(version)}</span></h1>
  <p>${inline(summary)}</p>
</header>
<div class="reference">
<nav aria-label="Contents">
  <ul>
    ${groups.map(groupLinks).join('\n    ')}
    <li><a href="#messages">Messages</a></li>
    <li><a href="#schemas">Schemas</a></li>
    <li><a href="#problems">Problem codes</a></li>
  </ul>
</nav>
<main id="content" tabindex="-1">
${paragraphs(description)}
<p>For programs: <a href="/openapi.json">openapi.json</a>.</p>
${groups.map(group).join('\n')}
<section aria-labelledby="messages">
<h2 id="messages">Messages</h2>
${messages.map((message) => `<article>\n<h3>${inline(message.summary)}</h3>\n${paragraphs(message.description)}\n${message.bodies.map((each) => bodyHtml(each, message.summary)).join('\n')}\n</article>`).join('\n')}
</section>
<section aria-labelledby="schemas">
<h2 id="schemas">Schemas</h2>
${schemas.map(schemaHtml).join('\n')}
</section>
<section aria-labelledby="problems">
<h2 id="problems">Problem codes</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457). Decide by <code>code</code>; <code>title</code> is for people, and <code>request_id</code> for whoever operates the service. Each call may be answered with ${generalProblems.map(problemLink).join(', ')}; what else, stands with it.</p>
${table(
  'Problem codes',
  ['Code', 'Status', 'Meaning'],
  problems.map(({ code, status, title: meaning }) => ({
    id: `problem-${code}`,
    cells: [`<code>${escape(code)}</code>`, String(status), inline(meaning)],
  })),
)}
${example({ text: problems.find(({ code }) => code === 'invalid_field').example }, 'a problem')}
</section>
</main>
</div>
`;
}

const groupLinks = ({ name, operations }) =>
  `<li><a href="#${slug(name)}">${escape(name)}</a>
      <ul>${operations.map(({ id, summary }) => `<li><a href="#${id}">${inline(summary)}</a></li>`).join('')}</ul></li>`;

const group = ({ name, description, operations }) => `<section aria-labelledby="${slug(name)}">
<h2 id="${slug(name)}">${escape(name)}</h2>
${paragraphs(description)}
${operations.map(operationHtml).join('\n')}
</section>`;

function operationHtml(operation) {
  const {
    id,
    method,
    path,
    summary,
    description,
    sandbox,
    credentials,
    parameters,
    body,
    answers,
    problems,
  } = operation;
  const title = `${method} ${path}`;
  return `<article aria-labelledby="${id}">
<h3 id="${id}">${inline(summary)}</h3>
<p class="call"><code><b>${method}</b> ${escape(path)}</code></p>
<p>${credentials.length === 0 ? 'No credential.' : `${credentials.map(inline).join('; or ')}.`}${sandbox ? ' <strong>Sandbox only.</strong>' : ''}</p>
${paragraphs(description)}
${
  parameters.length === 0
    ? ''
    : `<h4>Parameters</h4>\n${table(
        `Parameters of ${title}`,
        ['Name', 'Type', 'Meaning'],
        parameters.map((each) => ({
          cells: [`<code>${escape(each.name)}</code> (${each.place})`, type(each), meaning(each)],
        })),
      )}`
}
${body === undefined ? '' : `<h4>Body${body.required ? '' : ' (may be left out)'}</h4>\n${body.bodies.map((each) => bodyHtml(each, `Body of ${title}`)).join('\n')}`}
<h4>Answers</h4>
${answers.map(({ status, description: about, headers, bodies }) => `<p><code>${status}</code> ${inline(about)}${headers.length === 0 ? '' : ` Headers: ${headers.map((name) => `<code>${escape(name)}</code>`).join(', ')}.`}</p>\n${bodies.map((each) => bodyHtml(each, `Answer ${status} to ${title}, ${each.type}`)).join('\n')}`).join('\n')}
${problems.length === 0 ? '' : `<p>Problems: ${problems.map((problem) => `${problem.status} ${problemLink(problem)}`).join(', ')}.</p>`}
</article>`;
}

const schemaHtml = ({ name, description, tables, examples }) => `<article aria-labelledby="schema-${name}">
<h3 id="schema-${name}">${name}</h3>
${paragraphs(description)}
${tables.map((rows, index) => `${index === 0 ? '' : '<p>or</p>\n'}${memberTable(rows, tables.length === 1 ? `Members of ${name}` : `Members of ${name}, shape ${index + 1}`)}`).join('\n')}
${examples.map((each) => example(each, name)).join('\n')}
</article>`;

const bodyHtml = ({ type: media, schema, rows, examples }, title) =>
  [
    `<p><code>${escape(media)}</code>: ${pieces(schema)}</p>`,
    memberTable(rows, title),
    ...examples.map((each) => example(each, title)),
  ].join('\n');

const memberTable = (rows, caption) =>
  rows.length === 0
    ? ''
    : table(
        caption,
        ['Member', 'Type', 'Meaning'],
        rows.map((row) => ({ cells: [`<code>${escape(row.name)}</code>`, type(row), meaning(row)] })),
      );

/** The roles are said because a narrow window shows rows as blocks, and browsers then forget that they are rows. */
const table = (caption, heads, rows) => `<table role="table">
<caption class="visually-hidden">${escape(caption)}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => `<th role="columnheader" scope="col">${head}</th>`).join('')}</tr></thead>
<tbody role="rowgroup">
${rows.map(row).join('\n')}
</tbody>
</table>`;
const row = ({ id, cells: [first, ...rest] }) =>
  `<tr role="row"><th role="rowheader" scope="row"${id === undefined ? '' : ` id="${id}"`}>${first}</th>${rest.map((cell) => `<td role="cell">${cell}</td>`).join('')}</tr>`;

const example = ({ summary, text }, title) =>
  `<details><summary>Example${summary === undefined ? '' : `: ${inline(summary)}`}<span class="visually-hidden"> of ${escape(title)}</span></summary><pre><code>${escape(text.trimEnd())}</code></pre></details>`;

const problemLink = ({ code }) => `<a href="#problem-${code}"><code>${escape(code)}</code></a>`;
const meaning = ({ required, description }) =>
  [required ? '<strong>Required.</strong>' : '', description === undefined ? '' : inline(description)]
    .join(' ')
    .trim();
const pieces = (list) =>
  list
    .map((piece) =>
      typeof piece === 'string' ? inline(piece) : `<a href="#schema-${piece.ref}">${piece.ref}</a>`,
    )
    .join('');
const type = ({ type: list, limits }) => [pieces(list), ...limits.map(inline)].join('; ');
const paragraphs = (text) =>
  text === undefined
    ? ''
    : text
        .trim()
        .split(/\n{2,}/)
        .map((each) => `<p>${inline(each)}</p>`)
        .join('\n');
const slug = (name) => name.toLowerCase().replaceAll(' ', '-');

/** The little Markdown that descriptions use: code, and links to the web. */
const inline = (text) =>
  escape(text.trim() === '' ? text : text.replaceAll(/\s+/g, ' '))
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\[([^\]]+)\]\((https:[^)\s]+)\)/g, '<a href="$2">$1</a>');
const escape = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
