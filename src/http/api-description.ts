import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { AppError, type FieldProblem } from '../domain/errors.js';
import { projectRoot } from '../project-root.js';
import type { OperationId } from './operation.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: object;
  readonly $ref?: string;
}
interface OperationObject {
  readonly operationId: OperationId;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly 'x-sandbox'?: boolean;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ApiOperation {
  readonly id: OperationId;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As in the description: `/v1/verifications/{id}`. */
  readonly path: string;
  readonly sandboxOnly: boolean;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly takesJson: boolean;
  /** @throws AppError `invalid_field` or `unexpected_field`, naming each place */
  checkParameters(values: {
    readonly path: Record<string, unknown>;
    readonly query: Record<string, unknown>;
    readonly header: Record<string, unknown>;
  }): void;
  checkBody(body: unknown): void;
}

const METHODS = ['get', 'post', 'patch', 'delete'] as const;
const escapePointer = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Reads `openapi.yaml`, the one description of what may be asked and how. */
export function readApiDescription(): {
  readonly document: object;
  readonly operations: readonly ApiOperation[];
} {
  const document = parse(readFileSync(path.join(projectRoot, 'openapi.yaml'), 'utf8')) as Document;
  const bodies = new Ajv2020({ strict: false, allErrors: true });
  const parameters = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true, useDefaults: true });
  for (const ajv of [bodies, parameters]) {
    formats.default(ajv);
    onlyTimesThatDateHolds(ajv);
    distinctInLinearTime(ajv);
    ajv.addSchema({ ...document, $id: 'api' }, undefined, undefined, false);
  }

  const resolve = (parameter: Parameter): Parameter => {
    if (!parameter.$ref) return parameter;
    const found = parameter.$ref
      .slice(2)
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
    return found as Parameter;
  };

  const operations: ApiOperation[] = [];
  for (const [route, item] of Object.entries(document.paths))
    for (const method of METHODS) {
      const operation = item[method] as OperationObject | undefined;
      if (!operation) continue;
      const declared = [
        ...((item['parameters'] as Parameter[] | undefined) ?? []),
        ...(operation.parameters ?? []),
      ].map(resolve);
      const checks = (['path', 'query', 'header'] as const).map((place) => ({
        place,
        validate: parameters.compile(parametersSchema(declared, place)),
      }));
      const takesJson = operation.requestBody?.content['application/json'] !== undefined;
      const validateBody = takesJson
        ? bodies.compile({
            $ref: `api#/paths/${escapePointer(route)}/${method}/requestBody/content/application~1json/schema`,
          })
        : null;
      operations.push({
        id: operation.operationId,
        method,
        path: route,
        sandboxOnly: operation['x-sandbox'] === true,
        security: operation.security ?? [],
        takesJson,
        checkParameters(values) {
          for (const { place, validate } of checks) refuseUnless(validate, values[place], place);
        },
        checkBody(body) {
          if (validateBody) refuseUnless(validateBody, body, 'body');
        },
      });
    }
  return { document, operations };
}

const RFC_3339 = formats.default.get('date-time') as { readonly validate: (text: string) => boolean };

/** RFC 3339 knows leap seconds, and an offset can lead out of the years of four digits: neither can be kept and told again. */
function onlyTimesThatDateHolds(ajv: Ajv2020): void {
  ajv.addFormat('date-time', (text: string) => {
    if (!RFC_3339.validate(text)) return false;
    const instant = new Date(text);
    return !Number.isNaN(instant.getTime()) && /^\d{4}-/.test(instant.toISOString());
  });
}

/**
 * Ajv's own `uniqueItems` compares each pair, also of an array that is far too long already: one body of 64 KiB would hold the process
 * for a second. All arrays of ours that have to be distinct hold text; a member that is none fails by its type.
 */
function distinctInLinearTime(ajv: Ajv2020): void {
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    validate: (wanted: boolean, items: readonly unknown[]) =>
      !wanted || isDistinct(items.filter((item) => typeof item === 'string')),
  });
}

const isDistinct = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

/** Headers are an open set; path and query are not: a misspelt filter must not answer with everything. */
function parametersSchema(declared: readonly Parameter[], place: Parameter['in']) {
  const here = declared.filter((parameter) => parameter.in === place);
  const nameOf = (parameter: Parameter) =>
    place === 'header' ? parameter.name.toLowerCase() : parameter.name;
  const absolute = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object;
  return {
    type: 'object',
    additionalProperties: place === 'header',
    required: here.filter((parameter) => parameter.required === true).map(nameOf),
    properties: Object.fromEntries(here.map((parameter) => [nameOf(parameter), absolute(parameter.schema)])),
  };
}

function refuseUnless(validate: ValidateFunction, value: unknown, place: string): void {
  // What the schema has passed is no deeper than the schema is: only then is it safe to walk through.
  const problems = validate(value)
    ? nulCharacters(value).map((pointer) => ({
        pointer: pointerIn(place, pointer),
        code: 'invalid_character',
      }))
    : (validate.errors ?? []).map((error) => toProblem(error, place));
  if (problems.length === 0) return;
  const code = problems.every((problem) => problem.code === 'unexpected_field')
    ? 'unexpected_field'
    : 'invalid_field';
  throw new AppError(code, { errors: problems.slice(0, 20) });
}

/** What is wrong and where; never what was sent, except the name of a field that we do not know. */
function toProblem({ keyword, instancePath, params }: ErrorObject, place: string): FieldProblem {
  const { additionalProperty, missingProperty } = params as Record<string, string | undefined>;
  const member = additionalProperty ?? missingProperty;
  const pointer = instancePath + (member === undefined ? '' : `/${escapePointer(member).slice(0, 64)}`);
  return {
    pointer: pointerIn(place, pointer),
    code:
      keyword === 'additionalProperties'
        ? 'unexpected_field'
        : keyword === 'required'
          ? 'required'
          : `invalid_${keyword}`,
  };
}

/** A place in the body, or the bare name of a parameter. */
const pointerIn = (place: string, pointer: string): string =>
  place === 'body' ? pointer || '/' : pointer.slice(1);

/** The database keeps no NUL in text; found here, it is the caller's error and not ours. */
function nulCharacters(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return value.includes('\u0000') ? [pointer] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) =>
    nulCharacters(member, `${pointer}/${escapePointer(key)}`),
  );
}
