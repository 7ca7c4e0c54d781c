import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds `package.json`: the checkout or the image's work dir, whether this runs from `src` or from `dist`. */
export const projectRoot: string = (() => {
  for (let dir = import.meta.dirname; ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'package.json'))) return dir;
    if (path.dirname(dir) === dir) throw new Error('project_root_not_found');
  }
})();
