import type { OnnxFaceEngine } from './compose-engine.js';
import { makeDlibFaceEngine } from './dlib/dlib-engine.js';
import { chosenFaceEngine, type FaceEngineName } from './face-engine-choice.js';
import { makeFacepluginEngine } from './faceplugin-engine.js';

export type { OnnxFaceEngine } from './compose-engine.js';

const ENGINES: Readonly<Record<FaceEngineName, () => OnnxFaceEngine>> = {
  faceplugin: makeFacepluginEngine,
  dlib: makeDlibFaceEngine,
};

/** The face engine of a name, or the one that is chosen for this process. It opens a network only when it first needs it. */
export const makeFaceEngine = (name: FaceEngineName = chosenFaceEngine()): OnnxFaceEngine => ENGINES[name]();
