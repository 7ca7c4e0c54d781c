/** Entry of an engine host that compares faces with dlib's network; otherwise as every other host. */
import { chooseFaceEngine } from './face-engine-choice.js';

chooseFaceEngine('dlib');
await import('../engines/engine-host.js');
