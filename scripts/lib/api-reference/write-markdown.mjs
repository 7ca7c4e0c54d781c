/**
 * The reference as one page of Markdown.
 *
 * @param {ReturnType<typeof import('./read-reference.mjs').readReference>} reference
 * @returns {string}
 */
export function writeMarkdown(reference) {
  const { title, version, summary, description, groups, messages, schemas, problems, generalProblems } =
    reference;
  const lines = [
    `# ${title} ${version}: the HTTP API`,
    '',
    'Made from `openapi.yaml` by `npm run generate`; not written by hand. The service shows the same at `/docs`.',
    '',
    summary,
    '',
    description.trim(),
    '',
    '## Contents',
    '',
    ...groups.map(({ name }) => `- [${name}](#${anchor(name)})`),
    ...['Messages', 'Schemas', 'Problem codes'].map((name) => `- [${name}](#${anchor(name)})`),
    '',
    ...groups.flatMap(group),
    '## Messages',
    '',
    ...messages.flatMap((message) => [
      `### ${message.summary}`,
      '',
      message.description,
      '',
      ...message.bodies.flatMap((body) => bodyLines(body)),
    ]),
    '## Schemas',
    '',
    ...schemas.flatMap(({ name, description: about, tables, examples }) => [
      `### Schema \`${name}\``,
      '',
      ...paragraph(about),
      ...tables.flatMap((rows, index) => [...(index > 0 ? ['or', ''] : []), ...memberTable(rows)]),
      ...examples.flatMap(example),
    ]),
    '## Problem codes',
    '',
    'Errors are `application/problem+json` (RFC 9457). Decide by `code`; `title` is for people, and `request_id` for whoever operates the service.',
    'Each call may be answered with ' +
      generalProblems.map(({ code }) => `\`${code}\``).join(', ') +
      '; what else, stands with it.',
    '',
    '| code | status | meaning |',
    '| --- | --- | --- |',
    ...problems.map(({ code, status, title: meaning }) => `| \`${code}\` | ${status} | ${meaning} |`),
    '',
    ...example({
      text: problems.find(({ code }) => code === 'invalid_field').example,
    }),
  ];
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function group({ name, description, operations }) {
  return [`## ${name}`, '', description, '', ...operations.flatMap(operationLines)];
}

function operationLines(operation) {
  const { method, path, summary, description, sandbox, credentials, parameters, body, answers, problems } =
    operation;
  return [
    `### ${summary}`,
    '',
    `\`${method} ${path}\` · ${credentials.length === 0 ? 'no credential' : credentials.join('; or ')}${sandbox ? ' · sandbox only' : ''}`,
    '',
    ...paragraph(description),
    ...(parameters.length === 0
      ? []
      : [
          '**Parameters**',
          '',
          '| name | in | type | |',
          '| --- | --- | --- | --- |',
          ...parameters.map(
            (each) =>
              `| \`${cell([each.name])}\` | ${each.place} | ${type(each)} | ${cell([need(each), each.description])} |`,
          ),
          '',
        ]),
    ...(body === undefined
      ? []
      : [
          `**Body**${body.required ? '' : ' (may be left out)'}`,
          '',
          ...body.bodies.flatMap((each) => bodyLines(each)),
        ]),
    '**Answers**',
    '',
    ...answers.flatMap(({ status, description: about, headers, bodies }) => [
      `\`${status}\` ${about}${headers.length === 0 ? '' : ` Headers: ${headers.map((name) => `\`${name}\``).join(', ')}.`}`,
      '',
      ...bodies.flatMap((each) => bodyLines(each)),
    ]),
    ...(problems.length === 0
      ? []
      : ['Problems: ' + problems.map(({ code, status }) => `${status} \`${code}\``).join(', ') + '.', '']),
  ];
}

const bodyLines = ({ type: media, schema, rows, examples }) => [
  `\`${media}\`: ${pieces(schema)}`,
  '',
  ...memberTable(rows),
  ...examples.flatMap(example),
];

const memberTable = (rows) =>
  rows.length === 0
    ? []
    : [
        '| member | type | |',
        '| --- | --- | --- |',
        ...rows.map(
          (row) => `| \`${cell([row.name])}\` | ${type(row)} | ${cell([need(row), row.description])} |`,
        ),
        '',
      ];

const example = ({ summary, text }) => [
  ...paragraph(summary),
  text.startsWith('{') ? '```json' : '```',
  text.trimEnd(),
  '```',
  '',
];

const paragraph = (text) => (text === undefined ? [] : [text.trim(), '']);
const need = ({ required }) => (required ? 'Required.' : undefined);
const pieces = (list) =>
  list
    .map((piece) => (typeof piece === 'string' ? piece : `[${piece.ref}](#${anchor(`Schema ${piece.ref}`)})`))
    .join('');
const type = ({ type: list, limits }) => cell([[pieces(list), ...limits].join('; ')]);
/** A bar would end the cell, also within code. */
const cell = (texts) =>
  texts
    .filter((text) => text !== undefined)
    .join(' ')
    .replaceAll('|', '\\|')
    .replaceAll(/\s+/g, ' ')
    .trim();
/** As code hosts make them of headings. */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
