// Lets plain `node --import` run the TypeScript sources, as Jest does, so that a child process under test is always the current code.
import { register } from 'node:module';

register('./ts-loader-hooks.mjs', import.meta.url);
