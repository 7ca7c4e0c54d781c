/** @returns the vector at unit length, and the length it had */
export function normalise(vector: Float32Array): { readonly unit: Float32Array; readonly length: number } {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return { unit: vector.map((value) => value / length), length };
}

/**
 * Similarity of two L2-normalised templates: their cosine, with negative values clamped to 0, since faces that point apart are no
 * more different than unrelated ones. 0–1, higher = same person.
 */
export function similarity(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i]! * (b[i] ?? 0);
  return Math.min(1, Math.max(0, dot));
}
