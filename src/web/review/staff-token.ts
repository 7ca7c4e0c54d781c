/** A token of the operator's identity provider, as far as the page has to know it. Whether it is valid is the API's to say. */
export interface StaffToken {
  readonly token: string;
  /** The `sub`: how the API names this person in `claimed_by`. */
  readonly subject: string;
  readonly isSenior: boolean;
}

/** Reads who a JWT is about, and with which role (RFC 7519); `null` where it is none. Its signature is not looked at. */
export function readStaffToken(text: string): StaffToken | null {
  const token = text.trim();
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? [];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(decodeBase64Url(payload));
    if (typeof claims !== 'object' || claims === null) return null;
    const { sub, roles } = claims as { sub?: unknown; roles?: unknown };
    const isSenior = Array.isArray(roles) && roles.includes('senior_reviewer');
    return typeof sub === 'string' ? { token, subject: sub, isSenior } : null;
  } catch {
    return null;
  }
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)));
}
