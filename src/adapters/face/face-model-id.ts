/**
 * Name and version of weights and pipeline, for the audit trail. It stands apart from the engine, so that whoever only names the
 * model does not import it. Raise the last part when detection, alignment or preparation changes the scores.
 */
export const FACE_MODEL = 'faceplugin-fr/0.0.1+align.1';
