import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { TaskRow } from './ports/store.js';
import type { SettleAttempt } from './settle-attempt.js';
import { openImages, whileCurrent } from './engine-task.js';

/** The fields that are compared; nothing else of what was read is kept. */
const COMPARED = ['surname', 'given_names', 'date_of_birth', 'expires_on'] as const;

/** Reads the document of one attempt and leaves its evidence: what is compared sealed, the rest as codes and measures. */
export function makeReadDocument(
  deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'blobs' | 'reader'> & { readonly settle: SettleAttempt },
) {
  const { clock, vault, reader, settle } = deps;
  return async function readDocument(task: TaskRow): Promise<void> {
    await whileCurrent(deps, task, 'read_document', async (v, dataKey) => {
      const images = await openImages(deps, v, dataKey, ['id_front', 'id_back']);
      const reading = await reader.read({
        front: images.id_front,
        ...(images.id_back ? { back: images.id_back } : {}),
        today: clock.now().toISOString().slice(0, 10),
      });
      for (const bytes of Object.values(images)) bytes.fill(0);

      await settle.complete(task, async (tx, current) => {
        const ref = attemptRef(current);
        const fields: Record<string, string> = {};
        const confidence: Record<string, number> = {};
        for (const name of COMPARED) {
          const value = reading.fields[name];
          if (value === undefined) continue;
          fields[name] = value;
          confidence[name] = reading.confidence[name] ?? 0;
        }
        await vault.putField(tx, dataKey, ref, 'extracted', { fields, confidence });
        await tx.evidence.put(ref, 'document', {
          outcome: reading.outcome,
          reasons: reading.reasons,
          document_type: reading.document_type,
          mrz_valid: reading.mrz?.valid ?? null,
          check_digits: reading.mrz?.check_digits ?? null,
          quality: reading.quality,
        });
      });
    });
  };
}
