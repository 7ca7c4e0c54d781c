import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readReference } from './read-reference.mjs';
import { writeHtml } from './write-html.mjs';
import { writeMarkdown } from './write-markdown.mjs';

const referenceOf = (root) => readReference(readFileSync(path.join(root, 'openapi.yaml'), 'utf8'));

/** The content of docs/api.md. */
export const apiMarkdown = (root) => writeMarkdown(referenceOf(root));

/** What stands in the body of the page at /docs. */
export const apiHtml = (root) => writeHtml(referenceOf(root));
