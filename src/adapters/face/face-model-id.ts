/**
 * Name and version of weights and pipeline, for the audit trail. They stand apart from the engines, so that whoever only names a model
 * does not import it. Raise the last part when detection, alignment or preparation changes the scores.
 */
export const FACE_MODEL = 'faceplugin-fr/0.0.1+align.3';
export const DLIB_FACE_MODEL = 'dlib-resnet/1+face-api.1.7.15+align.1';
