import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { KeyProvider } from './ports/key-provider.js';
import type { Sealer } from './ports/sealer.js';
import type { EpochRef, Repositories, Store } from './ports/store.js';
import { KeyError } from '../domain/errors.js';
import { periodKeyDue, periodOf } from '../domain/wrapping-keys.js';

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
  appeal_statement: { readonly text: string };
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
      const keyId = periodOf(clock.now());
      return { keyId, ...(await keys.generateDataKey(keyId, ref)) };
    },

    /** Stores the wrapping of a data key, and which key made it. */
    async linkDataKey(
      tx: Repositories,
      ref: EpochRef,
      { keyId, wrapped }: { readonly keyId: string; readonly wrapped: Uint8Array },
    ): Promise<void> {
      const now = clock.now();
      await tx.wrappingKeys.use({ id: keyId, dueAt: periodKeyDue(keyId) }, ref, now);
      await tx.dataKeys.insert(ref, keyId, wrapped, now);
    },

    /**
     * Wraps the data key of an epoch anew, so that it outlives the key that wraps it now; nothing where it is gone or wrapped otherwise
     * already.
     *
     * @param to the new key, and when that in turn is to be destroyed (`null`: not known yet)
     */
    async rewrapDataKey(
      store: Store,
      ref: EpochRef,
      to: { readonly id: string; readonly dueAt: Date | null },
    ): Promise<void> {
      const row = await store.read.dataKeys.find(ref.verificationId, ref.epoch);
      if (!row || row.keyId === to.id) return;
      const key = await keys.unwrap(row.keyId, row.wrapped, ref);
      const wrapped = await keys.wrap(to.id, key, ref).finally(() => key.fill(0));
      await store.transaction(async (tx) => {
        await tx.verifications.lock(ref.verificationId);
        if (!(await tx.dataKeys.rewrap(ref, row.keyId, { keyId: to.id, wrapped }))) return;
        await tx.wrappingKeys.use(to, ref, clock.now());
      });
    },

    /** The data key of an epoch, or `null` once it was unlinked or its period key destroyed. Wipe it after use. */
    async openDataKey(repos: Repositories, ref: EpochRef): Promise<Uint8Array | null> {
      const row = await repos.dataKeys.find(ref.verificationId, ref.epoch);
      if (!row) return null;
      try {
        return await keys.unwrap(row.keyId, row.wrapped, ref);
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
