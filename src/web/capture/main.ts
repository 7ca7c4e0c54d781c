import { makeCaptureApp } from './capture-app.js';
import { takeLink } from './capture-link.js';

// First of all, before anything can fail: the link leaves the address bar.
const link = takeLink();
const root = document.createElement('div');
root.className = 'page';
document.body.append(root);
let takeDown = makeCaptureApp(root, link);

/** Another link pasted into the same tab loads no new page. */
addEventListener('hashchange', () => {
  if (location.hash === '') return;
  const next = takeLink();
  takeDown();
  takeDown = makeCaptureApp(root, next);
});
