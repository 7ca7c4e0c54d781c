/** Keeps secrets that the service has to use again, so that a dump of the store does not hold them. */
export interface SecretBox {
  /** @param id of the row that the secret belongs to: it opens for no other */
  seal(id: string, secret: string): Uint8Array;
  /** @throws KeyError `seal_broken` where key, id or bytes are not the ones it was sealed with */
  open(id: string, sealed: Uint8Array): string;
}
