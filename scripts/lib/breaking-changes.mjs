/**
 * What a new version of an API description takes away from, or demands anew of, those who wrote to the old one. It reads the parts of
 * OpenAPI 3.1 that openapi.yaml uses, and knows two directions: what a client sends may be demanded less strictly than before, what it is
 * answered may hold more than before, and neither the other way round.
 *
 * Enums of answers may grow, for clients have to accept new values (openapi.yaml says so); those of requests may not shrink.
 */

const METHODS = ['get', 'post', 'patch', 'delete'];
/** Limits by which more is refused the higher they are, and the lower they are. */
const FLOORS = ['minLength', 'minimum', 'minItems', 'minProperties'];
const CEILINGS = ['maxLength', 'maximum', 'maxItems', 'maxProperties'];

/**
 * @param {object} before a parsed description, as released
 * @param {object} after a parsed description, as it is now
 * @returns {string[]} a line for each change that breaks a client: where, and what
 */
export function breakingChanges(before, after) {
  const found = [];
  const report = (where, what) => found.push(`${where}: ${what}`);
  const resolveIn = (document, node) => {
    let target = node;
    while (target?.$ref !== undefined)
      target = target.$ref
        .slice(2)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce((at, key) => at?.[key], document);
    return target;
  };
  const old = (node) => resolveIn(before, node);
  const now = (node) => resolveIn(after, node);

  for (const [path, item] of Object.entries(before.paths)) {
    const current = after.paths[path];
    if (current === undefined) {
      report(path, 'the path is gone');
      continue;
    }
    for (const method of METHODS.filter((each) => item[each])) {
      const where = `${method.toUpperCase()} ${path}`;
      if (current[method] === undefined) report(where, 'the method is gone');
      else compareOperations(where, [item, item[method]], [current, current[method]]);
    }
  }
  return found;

  function compareOperations(where, [oldItem, oldOperation], [newItem, newOperation]) {
    compareParameters(
      where,
      parametersOf(oldItem, oldOperation, old),
      parametersOf(newItem, newOperation, now),
    );
    compareCredentials(where, oldOperation.security ?? [], newOperation.security ?? []);
    compareBodies(where, old(oldOperation.requestBody), now(newOperation.requestBody));
    for (const [status, answer] of Object.entries(oldOperation.responses)) {
      const current = newOperation.responses[status];
      if (current === undefined) report(where, `answer ${status} is gone`);
      else
        compareContents(
          `${where}, answer ${status}`,
          old(answer).content,
          now(current).content,
          compareAnswers,
        );
    }
  }

  function parametersOf(item, operation, resolve) {
    const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    return new Map(all.map((parameter) => [`${parameter.in} parameter ${parameter.name}`, parameter]));
  }

  function compareParameters(where, known, current) {
    for (const [name, parameter] of known) {
      const found = current.get(name);
      if (found === undefined) report(where, `the ${name} is gone`);
      else compareRequests(`${where}, ${name}`, parameter.schema, found.schema);
    }
    for (const [name, { required }] of current)
      if (required && !known.get(name)?.required) report(where, `the ${name} is required now`);
  }

  function compareCredentials(where, known, current) {
    if (known.length === 0 && current.length > 0) report(where, 'a credential is needed now');
    for (const scheme of known.flatMap((way) => Object.keys(way)))
      if (current.length > 0 && !current.some((way) => Object.hasOwn(way, scheme)))
        report(where, `the credential ${scheme} is no longer taken`);
  }

  function compareBodies(where, known, current) {
    if (known === undefined) {
      if (current?.required) report(where, 'a body is required now');
      return;
    }
    if (current === undefined) return report(where, 'the body is gone');
    if (current.required && !known.required) report(where, 'the body is required now');
    compareContents(`${where}, body`, known.content, current.content, compareRequests);
  }

  function compareContents(where, known = {}, current = {}, compare) {
    for (const [type, { schema }] of Object.entries(known)) {
      if (current[type] === undefined) report(where, `${type} is gone`);
      else compare(where, schema, current[type].schema);
    }
  }

  /** What clients send: whatever was taken before has to be taken still. */
  function compareRequests(where, oldSchema, newSchema, path = '', seen = new Set()) {
    const [known, current] = pair(oldSchema, newSchema, seen);
    if (known === null) return;
    const place = path === '' ? where : `${where}, ${path}`;
    const gone = typesOf(known).filter(
      (type) => typesOf(current).length > 0 && !typesOf(current).includes(type),
    );
    if (gone.length > 0) report(place, `no longer takes ${gone.join(' or ')}`);
    const values = valuesOf(known).filter(
      (value) => valuesOf(current).length > 0 && !valuesOf(current).includes(value),
    );
    if (values.length > 0) report(place, `no longer takes the value ${values.join(', ')}`);
    if (valuesOf(known).length === 0 && valuesOf(current).length > 0)
      report(place, 'takes certain values only now');
    for (const limit of FLOORS)
      if ((current[limit] ?? -Infinity) > (known[limit] ?? -Infinity))
        report(place, `${limit} is higher now`);
    for (const limit of CEILINGS)
      if ((current[limit] ?? Infinity) < (known[limit] ?? Infinity)) report(place, `${limit} is lower now`);
    for (const rule of ['pattern', 'format'])
      if (current[rule] !== undefined && current[rule] !== known[rule])
        report(place, `${rule} is another now`);
    if (current.uniqueItems && !known.uniqueItems) report(place, 'items have to differ now');
    for (const [name, member] of Object.entries(known.properties ?? {})) {
      const inner = dotted(path, name);
      if (current.properties?.[name] !== undefined)
        compareRequests(where, member, current.properties[name], inner, seen);
      else if (current.additionalProperties === false) report(where, `${inner} is no longer taken`);
    }
    for (const name of current.required ?? [])
      if (!known.required?.includes(name)) report(where, `${dotted(path, name)} is required now`);
    if (known.items && current.items) compareRequests(where, known.items, current.items, `${path}[]`, seen);
  }

  /** What clients are answered: whatever was there before has to be there still. */
  function compareAnswers(where, oldSchema, newSchema, path = '', seen = new Set()) {
    const [known, current] = pair(oldSchema, newSchema, seen);
    if (known === null) return;
    const place = path === '' ? where : `${where}, ${path}`;
    const fresh = typesOf(current).filter(
      (type) => typesOf(known).length > 0 && !typesOf(known).includes(type),
    );
    if (fresh.length > 0) report(place, `may be ${fresh.join(' or ')} now`);
    for (const [name, member] of Object.entries(known.properties ?? {})) {
      const inner = dotted(path, name);
      if (current.properties?.[name] === undefined) report(where, `${inner} is gone`);
      else compareAnswers(where, member, current.properties[name], inner, seen);
    }
    for (const name of known.required ?? [])
      if (current.properties?.[name] !== undefined && !current.required?.includes(name))
        report(where, `${dotted(path, name)} may be missing now`);
    if (known.items && current.items) compareAnswers(where, known.items, current.items, `${path}[]`, seen);
  }

  /** Both as one flat schema; `null` where this pair is being compared further up already. */
  function pair(oldSchema, newSchema, seen) {
    const key = `${JSON.stringify(oldSchema)}\n${JSON.stringify(newSchema)}`;
    if (oldSchema?.$ref !== undefined && seen.has(key)) return [null, null];
    seen.add(key);
    return [flat(oldSchema, old), flat(newSchema, now)];
  }

  /** `allOf` as the one object that it describes, and a choice as all that it may be. */
  function flat(schema, resolve) {
    const plain = resolve(schema) ?? {};
    const { allOf = [], anyOf, oneOf, ...own } = plain;
    const choices = (anyOf ?? oneOf ?? []).map((choice) => flat(choice, resolve));
    const parts = [...allOf.map((part) => flat(part, resolve)), own];
    const types = choices.flatMap(typesOf);
    return {
      ...Object.assign({}, ...choices, ...parts),
      ...(types.length > 0 && own.type === undefined && { type: [...new Set(types)] }),
      properties: Object.assign({}, ...[...choices, ...parts].map(({ properties }) => properties)),
      required: [
        ...parts.flatMap(({ required = [] }) => required),
        ...(choices[0]?.required ?? []).filter((name) =>
          choices.every(({ required = [] }) => required.includes(name)),
        ),
      ],
    };
  }
}

const dotted = (path, name) => (path === '' ? name : `${path}.${name}`);
const typesOf = ({ type }) => (type === undefined ? [] : [type].flat());
const valuesOf = (schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
