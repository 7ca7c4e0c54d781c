/** Marks an image with who looks at it and when, so that a copy can be traced. */
export interface Watermarker {
  /** @param text ASCII; anything but letters, digits and `:.-_@ ` is drawn as a gap. Returns a JPEG. */
  mark(image: Uint8Array, text: string): Promise<Uint8Array>;
}
