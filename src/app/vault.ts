import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { KeyProvider } from './ports/key-provider.js';
import type { Sealer } from './ports/sealer.js';
import type { EpochRef, Repositories } from './ports/store.js';
import { KeyError } from '../domain/errors.js';

/** What stands sealed in the database. Each name is one row an epoch. */
export interface SealedValues {
  /** What the platform expects of the document. */
  expected: { readonly full_name: string; readonly date_of_birth?: string };
  /** The fields of the document that are compared, and how far each is to be trusted. */
  extracted: {
    readonly fields: Readonly<Record<string, string>>;
    readonly confidence: Readonly<Record<string, number>>;
  };
  reviewer_note: { readonly text: string };
}
export type FieldName = keyof SealedValues;

export type Vault = ReturnType<typeof makeVault>;

/** Opens and closes what is sealed. The only place that joins data keys, subkeys and rows. */
export function makeVault(deps: {
  readonly keys: KeyProvider;
  readonly sealer: Sealer;
  readonly ids: Ids;
  readonly clock: Clock;
}) {
  const { keys, sealer, ids, clock } = deps;
  const fieldContext = ({ tenantId, verificationId, epoch }: EpochRef, name: string, id: string) => ({
    tenantId,
    verificationId,
    epoch,
    purpose: `field:${name}`,
    recordId: id,
  });
  const blobContext = ({ tenantId, verificationId, epoch }: EpochRef, slot: string, id: string) => ({
    tenantId,
    verificationId,
    epoch,
    purpose: `blob:${slot}`,
    recordId: id,
  });

  return {
    /** A fresh data key under today's period key. Before the transaction, for the provider may be far away. */
    async newDataKey(ref: EpochRef) {
      const periodId = clock.now().toISOString().slice(0, 10);
      return { periodId, ...(await keys.generateDataKey(periodId, ref)) };
    },

    /** The data key of an epoch, or `null` once it was unlinked or its period key destroyed. Wipe it after use. */
    async openDataKey(repos: Repositories, ref: EpochRef): Promise<Uint8Array | null> {
      const row = await repos.dataKeys.find(ref.verificationId, ref.epoch);
      if (!row) return null;
      try {
        return await keys.unwrap(row.periodId, row.wrapped, ref);
      } catch (error) {
        if (error instanceof KeyError && error.code === 'key_destroyed') return null;
        throw error;
      }
    },

    async putField<N extends FieldName>(
      tx: Repositories,
      dataKey: Uint8Array,
      ref: EpochRef,
      name: N,
      value: SealedValues[N],
    ): Promise<void> {
      const id = ids.next('field');
      const plaintext = Buffer.from(JSON.stringify(value));
      const { salt, sealed } = sealer.seal(dataKey, fieldContext(ref, name, id), plaintext);
      plaintext.fill(0);
      const { tenantId, verificationId, epoch } = ref;
      await tx.fields.put({ id, tenantId, verificationId, epoch, name, salt, sealed }, clock.now());
    },

    async getField<N extends FieldName>(
      repos: Repositories,
      dataKey: Uint8Array,
      ref: EpochRef,
      name: N,
    ): Promise<SealedValues[N] | null> {
      const row = await repos.fields.find(ref.verificationId, ref.epoch, name);
      if (!row) return null;
      const plaintext = sealer.open(dataKey, fieldContext(ref, name, row.id), row.salt, row.sealed);
      return JSON.parse(Buffer.from(plaintext).toString('utf8')) as SealedValues[N];
    },

    sealBlob: (dataKey: Uint8Array, ref: EpochRef, slot: string, blobId: string, bytes: Uint8Array) =>
      sealer.seal(dataKey, blobContext(ref, slot, blobId), bytes),

    openBlob: (
      dataKey: Uint8Array,
      ref: EpochRef,
      slot: string,
      blobId: string,
      salt: Uint8Array,
      sealed: Uint8Array,
    ) => sealer.open(dataKey, blobContext(ref, slot, blobId), salt, sealed),
  };
}
