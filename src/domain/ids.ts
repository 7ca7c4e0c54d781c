/** Ids are a type prefix, `_`, and a 26-character lower-case ULID. They order by creation and are never a secret. */
export const ID_PREFIXES = {
  tenant: 'ten',
  apiKey: 'key',
  verification: 'ver',
  blob: 'blb',
  field: 'fld',
  consent: 'con',
  review: 'rev',
  event: 'evt',
  task: 'tsk',
  request: 'req',
  challenge: 'chl',
  legalHold: 'hld',
  erasureRequest: 'ers',
  recipient: 'rcp',
  disclosure: 'dsc',
  webhookEndpoint: 'whe',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

export const isId = (kind: IdKind, value: string): boolean =>
  new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`).test(value);
