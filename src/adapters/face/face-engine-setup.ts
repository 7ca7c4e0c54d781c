import { fileURLToPath } from 'node:url';
import type { FaceEngineName } from './face-engine-choice.js';
import { DLIB_FACE_MODEL, FACE_MODEL } from './face-model-id.js';

export interface FaceEngineSetup {
  /** See `FaceEngine.model`. */
  readonly model: string;
  /** Entry module of hosts that run the engine, where it is not the usual one. */
  readonly hostPath?: string;
}

/** What the service needs to know of an engine that runs in hosts. */
export function faceEngineSetup(name: FaceEngineName): FaceEngineSetup {
  switch (name) {
    case 'faceplugin':
      return { model: FACE_MODEL };
    case 'dlib':
      return {
        model: DLIB_FACE_MODEL,
        hostPath: fileURLToPath(new URL('./dlib-host.js', import.meta.url)),
      };
  }
}
