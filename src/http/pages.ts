import path from 'node:path';
import express, { type RequestHandler } from 'express';
import { projectRoot } from '../project-root.js';

/** Where `vite build` puts the pages. */
const PAGES = path.join(projectRoot, 'dist', 'web');
const ROUTES: Readonly<Record<string, string>> = {
  '/capture': 'capture.html',
  '/review': 'review.html',
  '/docs': 'docs.html',
};

/** Serves the built pages: hashed files for good, the pages themselves never from a cache. */
export function makePages(): RequestHandler {
  const assets = express.static(path.join(PAGES, 'assets'), {
    immutable: true,
    maxAge: '365d',
    index: false,
    fallthrough: true,
    dotfiles: 'ignore',
  });
  return (req, res, next) => {
    const page = ROUTES[req.path];
    if (page !== undefined && (req.method === 'GET' || req.method === 'HEAD')) {
      res.locals['route'] = req.path;
      res.setHeader('Cache-Control', 'no-store');
      // A camera is asked for by the capture page alone.
      res.setHeader('Permissions-Policy', page === 'capture.html' ? 'camera=(self)' : 'camera=()');
      res.sendFile(page, { root: PAGES }, (error) => {
        if (error) next();
      });
      return;
    }
    if (!req.path.startsWith('/assets/')) return next();
    res.locals['route'] = '/assets/*';
    req.url = req.url.slice('/assets'.length);
    assets(req, res, next);
  };
}
