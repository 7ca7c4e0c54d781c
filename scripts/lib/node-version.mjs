import { SetupError } from './progress.mjs';

const LEAST = [20, 19];

/** @param {string} version as `process.versions.node` gives it @throws SetupError */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return;
  throw new SetupError(
    `Node ${version} is too old: ${LEAST.join('.')} or newer is needed`,
    'install a current Node (for example the package of nodejs.org, or `nvm install 24`)',
  );
}
