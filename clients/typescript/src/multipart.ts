/**
 * The body of an upload: pictures go in as Blobs, and a list stands in the form as often as it is long.
 *
 * ```ts
 * await lethe.POST('/v1/verifications/{id}/images', {
 *   params: { path: { id } },
 *   body: multipart({ id_front: passport, selfie, source: 'upload' }),
 * });
 * ```
 *
 * @returns a `FormData`, under the type that openapi.yaml has for the body: it can only call the bytes of a picture text
 */
export function multipart<Body>(
  parts: Readonly<Record<string, string | Blob | readonly (string | Blob)[]>>,
): Body {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts))
    for (const part of [value].flat()) {
      if (typeof part === 'string') form.append(name, part);
      else form.append(name, part, name);
    }
  return form as unknown as Body;
}
