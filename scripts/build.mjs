/** `npm run build`: TypeScript, assets and pages into dist/, each only when its sources have changed. */
import path from 'node:path';
import { build } from './lib/build-steps.mjs';
import { withLock } from './lib/lock.mjs';
import { explain, say } from './lib/progress.mjs';

const root = path.resolve(import.meta.dirname, '..');
try {
  const ran = await withLock(path.join(root, '.cache/setup.lock'), () => build(root));
  say(ran.length > 0 ? `built: ${ran.join(', ')}` : 'the build is up to date');
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
