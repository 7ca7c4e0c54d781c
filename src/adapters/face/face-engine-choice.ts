/** Names by which face engines are configured: by the origin of their weights. */
export type FaceEngineName = 'faceplugin' | 'dlib';

let chosen: FaceEngineName = 'faceplugin';

/**
 * The engine that this process makes where none is named. A host has one for its whole life, and learns which by the entry it is started
 * with, before anything is asked of it.
 */
export const chosenFaceEngine = (): FaceEngineName => chosen;

export function chooseFaceEngine(name: FaceEngineName): void {
  chosen = name;
}
