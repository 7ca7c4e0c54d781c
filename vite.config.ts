import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { apiHtml } from './scripts/lib/api-reference/api-docs.mjs';

const pages = path.resolve(import.meta.dirname, 'src/web');

/** Puts the reference of the API into the page that has a place for it. */
const apiReference: Plugin = {
  name: 'api-reference',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<!-- reference -->', () => apiHtml(import.meta.dirname)),
  },
};

/** The pages that src/http/pages.ts serves: capture.html, review.html and docs.html, with hashed files under assets/. */
export default defineConfig({
  root: pages,
  base: '/',
  publicDir: false,
  plugins: [apiReference],
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: URL, so nothing is put inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['capture', 'review', 'docs'].map((page) => path.join(pages, `${page}.html`)),
    },
  },
});
