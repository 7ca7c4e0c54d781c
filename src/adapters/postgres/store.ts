import { sql, type Kysely } from 'kysely';
import type { Repositories, Store } from '../../app/ports/store.js';
import { StorageError } from '../../domain/errors.js';
import { makeAuditRepositories } from './audit-repositories.js';
import { openDatabase } from './database.js';
import { makeForgettingRepositories } from './forgetting-repositories.js';
import { Listener } from './listener.js';
import { makeOperationsRepositories } from './operations-repositories.js';
import { makeThirdPartyRepositories } from './third-party-repositories.js';
import { makeVerificationRepositories } from './verification-repositories.js';
import { makeWebhookRepositories } from './webhook-repositories.js';
import { makeWorkRepositories } from './work-repositories.js';
import type { Schema } from './schema.js';

/** serialization_failure and deadlock_detected: the transaction did nothing, so it may run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_TRIES = 5;

const repositories = (db: Kysely<Schema>): Repositories => ({
  ...makeVerificationRepositories(db),
  ...makeWorkRepositories(db),
  ...makeOperationsRepositories(db),
  ...makeAuditRepositories(db),
  ...makeForgettingRepositories(db),
  ...makeThirdPartyRepositories(db),
  ...makeWebhookRepositories(db),
});

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The store on Postgres. `onConnectionError` hears of connections that the server dropped. */
export function makePostgresStore(options: {
  readonly url: string;
  readonly poolSize: number;
  readonly onConnectionError: () => void;
}): Store & { readonly db: Kysely<Schema> } {
  const { db, pool } = openDatabase(options.url, {
    poolSize: options.poolSize,
    onError: options.onConnectionError,
  });
  const listener = new Listener(options.url);

  return {
    db,
    read: repositories(db),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute((tx) => work(repositories(tx)));
        } catch (error) {
          if (!RETRYABLE.has(codeOf(error)) || attempt === MAX_TRIES) throw error;
        }
      }
    },
    onProgress: (verificationId, callback) => {
      const remove = listener.add('lethe_progress', verificationId, callback);
      return Promise.resolve(() => Promise.resolve(remove()));
    },
    onTasks: (callback) => {
      const remove = listener.add('lethe_tasks', '', callback);
      return Promise.resolve(() => Promise.resolve(remove()));
    },
    onDeliveries: (callback) => {
      const remove = listener.add('lethe_webhooks', '', callback);
      return Promise.resolve(() => Promise.resolve(remove()));
    },
    async exclusively(name, work) {
      const client = await pool.connect();
      try {
        const { rows } = await client.query<{ got: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
          [name],
        );
        if (!rows[0]?.got) return false;
        try {
          await work();
        } finally {
          await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
        }
        return true;
      } finally {
        client.release();
      }
    },
    async check() {
      try {
        await sql`select 1`.execute(db);
      } catch (error) {
        throw new StorageError('storage_unavailable', { cause: error });
      }
    },
    async close() {
      await listener.close();
      await db.destroy();
    },
  };
}
