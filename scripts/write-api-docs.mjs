/** Part of `npm run generate`: docs/api.md from openapi.yaml. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiMarkdown } from './lib/api-reference/api-docs.mjs';

const root = path.resolve(import.meta.dirname, '..');
writeFileSync(path.join(root, 'docs/api.md'), apiMarkdown(root));
