import { RECEIPT_TYPE } from '../domain/deletion.js';
import { KeyError } from '../domain/errors.js';
import { isId } from '../domain/ids.js';
import { isOpen } from '../domain/state-machine.js';
import { periodKeyDue, periodOf } from '../domain/wrapping-keys.js';
import type { AppDeps } from './deps.js';
import type { Forget } from './forget.js';
import type { EpochId, WrappingKeyRow } from './ports/forgetting.js';
import type { EpochRef } from './ports/store.js';

const BATCH = 200;

/** Something that must go first is still there: another sweep tries again. */
class StillNeeded extends Error {}

/**
 * Destroys a wrapping key that is due, so that every copy of what it wrapped (in write-ahead logs, dead rows, backups, old copies of the
 * bucket) is unreadable, and says so in a second receipt for everyone who hung on it:
 * 1. what still hangs on it is wrapped anew under the key of the hold that protects it, or forgotten;
 * 2. the provider destroys the key, and once nobody can undo that, it counts as destroyed;
 * 3. for each epoch all of whose keys are destroyed, the receipt's second version is signed.
 * Each step can be repeated; killed anywhere, the next run goes on where the rows say.
 */
export function makeDestroyKeys(
  deps: Pick<AppDeps, 'store' | 'clock' | 'keys' | 'vault' | 'signer' | 'journal'> & {
    readonly forget: Forget;
  },
) {
  const { store, clock, keys, vault, signer, journal, forget } = deps;

  return async function destroyKey(key: WrappingKeyRow): Promise<void> {
    const destroyedAt = key.destroyedAt ?? (await destroy(key));
    if (!destroyedAt) return;
    for (;;) {
      const epochs = await store.read.wrappingKeys.unrecoverable(key.id, BATCH);
      for (const epoch of epochs) await signFinalReceipt(epoch);
      if (epochs.length < BATCH) break;
    }
    // An object that could not be erased yet: the key stays due. What hangs on a hold's key as well is settled with that.
    if (await store.read.wrappingKeys.awaitsDeletion(key.id)) throw new StillNeeded();
    await store.read.wrappingKeys.markSettled(key.id, clock.now());
  };

  async function destroy(key: WrappingKeyRow): Promise<Date | null> {
    for (;;) {
      const hanging = await store.read.dataKeys.under(key.id, BATCH);
      if (hanging.length === 0) break;
      for (const ref of hanging) await detach(key, ref);
    }
    const now = clock.now();
    const requestedAt = key.requestedAt ?? now;
    if (!key.requestedAt) {
      await keys.destroy(key.id);
      await store.read.wrappingKeys.markRequested(key.id, now);
    }
    if (now.getTime() < requestedAt.getTime() + keys.destructionDelay || !(await keys.isDestroyed(key.id)))
      return null;
    await store.read.wrappingKeys.markDestroyed(key.id, now);
    return now;
  }

  /** Takes one data key off a wrapping key, or throws: a key is not destroyed while anything lawful hangs on it. */
  async function detach(key: WrappingKeyRow, ref: EpochRef): Promise<void> {
    const v = await store.read.verifications.findById(ref.verificationId);
    if (v?.hold) {
      const hold = (await store.read.holds.onVerification(v.id))[0];
      if (hold) await vault.rewrapDataKey(store, ref, { id: hold.id, dueAt: null });
    } else if (v && isOpen(v.status) && isId('legalHold', key.id)) {
      // The hold ended while the case is open. An open case whose period is over has been expired by the sweep before.
      const today = periodOf(clock.now());
      await vault.rewrapDataKey(store, ref, { id: today, dueAt: periodKeyDue(today) });
    } else await forget(ref.verificationId, ref.epoch);
    const still = await store.read.dataKeys.find(ref.verificationId, ref.epoch);
    if (still?.keyId === key.id) throw new StillNeeded();
  }

  async function signFinalReceipt(epoch: EpochId): Promise<void> {
    await store.transaction(async (tx) => {
      const v = await tx.verifications.lock(epoch.verificationId);
      const first = await tx.deletions.receipt(epoch, 1);
      if (!first || !v) return tx.wrappingKeys.endUses(epoch);
      const destroyed = await tx.wrappingKeys.ofEpoch(epoch.verificationId, epoch.epoch);
      const lastAt = new Date(
        Math.max(...destroyed.map(({ destroyedAt }) => destroyedAt?.getTime() ?? Infinity)),
      );
      if (Number.isNaN(lastAt.getTime())) throw new KeyError('keys_unavailable');
      const now = clock.now();
      const ref = { tenantId: v.tenantId, livemode: v.livemode, ...epoch };
      await journal.audit(tx, v, 'system', 'unrecoverable', { epoch: epoch.epoch, keys: destroyed.length });
      const head = await tx.audit.last(v.id);
      const jws = await signer.sign(RECEIPT_TYPE, {
        ...(await signer.verify(RECEIPT_TYPE, first)),
        iat: Math.floor(now.getTime() / 1000),
        receipt_version: 2,
        keys_destroyed: destroyed.map(({ id, destroyedAt }) => ({ key: id, at: destroyedAt?.toISOString() })),
        unrecoverable_since: lastAt.toISOString(),
        audit: head && { seq: head.seq, hash: head.hash },
      });
      await tx.deletions.addReceipt(ref, 2, jws, now);
      await tx.wrappingKeys.endUses(epoch);
    });
  }
}
