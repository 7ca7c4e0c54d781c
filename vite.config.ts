import path from 'node:path';
import { defineConfig } from 'vite';

const pages = path.resolve(import.meta.dirname, 'src/web');

/** The pages that src/http/pages.ts serves: capture.html and review.html, with hashed files under assets/. */
export default defineConfig({
  root: pages,
  base: '/',
  publicDir: false,
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: URL, so nothing is put inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { capture: path.join(pages, 'capture.html'), review: path.join(pages, 'review.html') },
    },
  },
});
