/**
 * What `openapi.yaml` says, in the order and the words in which a page can say it. Both forms of the reference (Markdown, HTML) are written
 * from this, and neither looks at the description itself.
 *
 * A type is a list of pieces: text, or `{ ref }`, the name of a schema that has a section of its own.
 */
import { parse } from 'yaml';

const METHODS = ['get', 'post', 'patch', 'delete'];
const CREDENTIALS = {
  apiKey: ['API key', 'scope'],
  captureToken: ['Capture token', 'right'],
  operatorJwt: ["JWT of the operator's identity provider", 'role'],
};
/** What any call may meet, said once. */
const GENERAL_CODES = [
  'unauthenticated',
  'forbidden',
  'method_not_allowed',
  'unexpected_field',
  'too_many_requests',
  'internal',
  'unavailable',
];
const BODY_CODES = ['invalid_request', 'payload_too_large', 'unsupported_media_type', 'invalid_field'];

/**
 * @param {string} yaml the text of openapi.yaml
 */
export function readReference(yaml) {
  const document = parse(yaml);
  const { info, paths, webhooks = {}, components } = document;

  const at = (pointer) =>
    pointer
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((node, key) => node[key], document);
  const resolve = (node) => (node?.$ref === undefined ? node : resolve(at(node.$ref)));
  const isStructured = (schema) =>
    schema.properties !== undefined ||
    schema.allOf !== undefined ||
    schema.anyOf?.some(({ properties }) => properties);
  /** The name of the section that tells of a schema, where it has one: plain values are told where they stand. */
  const sectionOf = ({ $ref }) => {
    const name = /^#\/components\/schemas\/(\w+)$/.exec($ref ?? '')?.[1];
    return name !== undefined && isStructured(components.schemas[name]) ? name : undefined;
  };

  const problems = Object.entries(
    components.responses.Problem.content['application/problem+json'].examples,
  ).map(([code, { value }]) => ({
    code,
    status: value.status,
    title: value.title,
    example: jsonText(value),
  }));
  const byCode = new Map(problems.map((problem) => [problem.code, problem]));

  function typeOf(schema) {
    const section = sectionOf(schema);
    if (section !== undefined) return [{ ref: section }];
    const plain = resolve(schema);
    if (plain.const !== undefined) return [code(plain.const)];
    if (plain.anyOf ?? plain.oneOf) return join((plain.anyOf ?? plain.oneOf).map(typeOf), ' or ');
    const names = [plain.type ?? (plain.enum ? 'string' : 'any')].flat();
    if (plain.items && names.includes('array')) {
      const rest = names.filter((name) => name !== 'array');
      return join([['list of ', ...typeOf(plain.items)], ...rest.map((name) => [name])], ' or ');
    }
    if (plain.enum)
      return join(
        plain.enum.map((value) => [code(value)]),
        ', ',
      );
    return [names.join(' or '), ...(plain.format ? [` (${plain.format})`] : [])];
  }

  /** Whatever else a schema demands, in words. */
  function limitsOf(schema) {
    const { items, ...rest } = resolve(schema);
    const of = (value) => (value === undefined ? '' : value);
    const between = (low, high, unit) =>
      low === undefined && high === undefined
        ? []
        : [
            high === undefined
              ? `at least ${low}${unit}`
              : low === undefined
                ? `at most ${high}${unit}`
                : `${low} to ${high}${unit}`,
          ];
    return [
      ...between(rest.minLength, rest.maxLength, ' characters'),
      ...between(rest.minimum, rest.maximum, ''),
      ...between(rest.minItems, rest.maxItems, ' items'),
      ...(rest.uniqueItems ? ['each once'] : []),
      ...(rest.pattern && of(rest.pattern) !== '\\S' ? [`pattern ${code(rest.pattern)}`] : []),
      ...(rest.default === undefined ? [] : [`${code(rest.default)} unless given`]),
      ...(items === undefined || sectionOf(items) ? [] : limitsOf(items).map((limit) => `each ${limit}`)),
    ];
  }
  const textOf = (schema) => schema.description ?? resolve(schema).description;

  /** One row a member; members of members that have no section of their own follow with a dot. */
  function rowsOf(schema, prefix = '') {
    const plain = resolve(schema);
    const own = Object.entries(plain.properties ?? {}).flatMap(([name, member]) => {
      const row = {
        name: prefix + name,
        required: plain.required?.includes(name) ?? false,
        type: typeOf(member),
        limits: limitsOf(member),
        description: textOf(member) ?? textOf(resolve(member).items ?? {}),
      };
      return [row, ...innerRowsOf(member, prefix + name)];
    });
    return [...(plain.allOf ?? []).flatMap((part) => rowsOf(part, prefix)), ...own];
  }
  function innerRowsOf(schema, name) {
    if (sectionOf(schema) !== undefined) return [];
    const plain = resolve(schema);
    if (plain.items) return innerRowsOf(plain.items, `${name}[]`);
    const choices = (plain.anyOf ?? plain.oneOf ?? []).flatMap((choice) => innerRowsOf(choice, name));
    const open =
      typeof plain.additionalProperties === 'object'
        ? innerRowsOf(plain.additionalProperties, `${name}.*`)
        : [];
    return [...rowsOf(schema, `${name}.`), ...choices, ...open];
  }

  const examplesOf = ({ example, examples = {} }) =>
    [...(example === undefined ? [] : [{ value: example }]), ...Object.values(examples).map(resolve)].map(
      ({ summary, value }) => ({ summary, text: typeof value === 'string' ? value : jsonText(value) }),
    );
  /** By schema: what is answered with in many places is shown once, with the schema. */
  const shared = new Map();
  function shareExamples(content = {}) {
    for (const media of Object.values(content)) {
      const section = sectionOf(media.schema);
      if (section === undefined) continue;
      const known = shared.get(section) ?? [];
      const fresh = examplesOf(media).filter(({ text }) => !known.some((each) => each.text === text));
      shared.set(section, [...known, ...fresh]);
    }
  }

  function bodiesOf(content = {}, isShared = false) {
    return Object.entries(content).map(([type, media]) => {
      const hasSection = sectionOf(media.schema) !== undefined;
      return {
        type,
        schema: typeOf(media.schema),
        rows: hasSection ? [] : rowsOf(media.schema),
        examples: hasSection && isShared ? [] : examplesOf(media),
      };
    });
  }

  function readOperation(path, method, item) {
    const operation = item[method];
    const declared = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const body = resolve(operation.requestBody);
    const answers = Object.entries(operation.responses)
      .filter(([status]) => status !== 'default')
      .map(([status, answer]) => {
        const { description, headers = {}, content } = resolve(answer);
        shareExamples(content);
        return { status, description, headers: Object.keys(headers), bodies: bodiesOf(content, true) };
      });
    const has = (name) => declared.some((parameter) => parameter.name === name);
    const codes = new Set([
      ...(declared.some(({ in: place }) => place === 'path') || has('tenant') ? ['not_found'] : []),
      ...(body === undefined ? [] : BODY_CODES),
      ...(declared.length > 0 ? ['invalid_field'] : []),
      ...(has('Idempotency-Key') ? ['idempotency_in_progress', 'idempotency_key_reused'] : []),
      ...(has('If-Match') ? ['stale_version'] : []),
      ...(operation['x-problem-codes'] ?? []),
    ]);
    return {
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      summary: operation.summary,
      description: operation.description,
      sandbox: operation['x-sandbox'] === true,
      credentials: (operation.security ?? []).flatMap((way) =>
        Object.entries(way).map(([scheme, parts]) => {
          const [name, part] = CREDENTIALS[scheme];
          return parts.length === 0 ? name : `${name}, ${part} ${parts.map(code).join(' or ')}`;
        }),
      ),
      parameters: declared.map(({ name, in: place, required = false, schema, description }) => ({
        name,
        place,
        required,
        type: typeOf(schema),
        limits: limitsOf(schema),
        description: description ?? textOf(schema),
      })),
      body: body && { required: body.required ?? false, bodies: bodiesOf(body.content) },
      answers,
      problems: problems.filter(({ code: each }) => codes.has(each)),
    };
  }

  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => METHODS.includes(method))
      .map((method) => ({
        tag: item[method].tags[0],
        operation: readOperation(path, method, item),
      })),
  );
  return {
    title: info.title,
    version: info.version,
    summary: info.summary,
    description: info.description,
    groups: document.tags.map(({ name, description }) => ({
      name,
      description,
      operations: operations.filter(({ tag }) => tag === name).map(({ operation }) => operation),
    })),
    messages: Object.entries(webhooks).map(([name, { post }]) => ({
      name,
      summary: post.summary,
      description: post.description,
      bodies: bodiesOf(post.requestBody.content),
    })),
    schemas: Object.entries(components.schemas)
      .filter(([, schema]) => isStructured(schema))
      .map(([name, schema]) => ({
        name,
        description: schema.description,
        // A choice of shapes: one table each.
        tables: (schema.anyOf ?? [schema]).map((shape) => rowsOf(shape)),
        examples: shared.get(name) ?? [],
      })),
    problems,
    generalProblems: GENERAL_CODES.map((each) => byCode.get(each)),
  };
}

/** Marks what stands as it is, in the way of Markdown. */
const code = (value) => `\`${String(value)}\``;

const join = (lists, between) => lists.flatMap((list, index) => (index === 0 ? list : [between, ...list]));

const WIDTH = 110;

/** JSON with each member on a line of its own, except where all of it fits on one. */
function jsonText(value, indent = '') {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const line = isList
    ? `[${value.map((each) => jsonText(each)).join(', ')}]`
    : `{ ${Object.entries(value)
        .map(([name, each]) => `${JSON.stringify(name)}: ${jsonText(each)}`)
        .join(', ')} }`;
  if (indent.length + line.length <= WIDTH && !line.includes('\n')) return line === '{  }' ? '{}' : line;
  const inner = `${indent}  `;
  const members = Object.entries(value).map(
    ([name, each]) => `${inner}${isList ? '' : `${JSON.stringify(name)}: `}${jsonText(each, inner)}`,
  );
  return `${isList ? '[' : '{'}\n${members.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}
