import {
  CamelCasePlugin,
  Kysely,
  Migrator,
  PostgresDialect,
  type Migration,
  HandleEmptyInListsPlugin,
  replaceWithNoncontingentExpression,
} from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.js';
import { foundation } from './migrations/0001-foundation.js';
import { challengeEvidence } from './migrations/0002-challenge-evidence.js';
import { forgetting } from './migrations/0003-forgetting.js';
import { auditLog } from './migrations/0004-audit-log.js';
import { thirdParties } from './migrations/0005-third-parties.js';
import { webhooks } from './migrations/0006-webhooks.js';
import { handoverAndConfirmation } from './migrations/0007-handover-and-confirmation.js';
import { keyUse } from './migrations/0008-key-use.js';

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-challenge-evidence': challengeEvidence,
  '0003-forgetting': forgetting,
  '0004-audit-log': auditLog,
  '0005-third-parties': thirdParties,
  '0006-webhooks': webhooks,
  '0007-handover-and-confirmation': handoverAndConfirmation,
  '0008-key-use': keyUse,
};

const INT8 = 20;
const DATE = 1082;
/** Counters fit a double; days stay text, for a day is no instant. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown => {
    if (oid === INT8) return Number;
    if (oid === DATE) return String;
    return pg.types.getTypeParser(oid, format);
  },
};

export interface Database {
  readonly pool: pg.Pool;
  readonly db: Kysely<Schema>;
}

/** Connects lazily. `onError` hears of idle connections that the server dropped; the pool replaces them. */
export function openDatabase(
  url: string,
  options: { readonly poolSize: number; readonly onError: () => void },
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    types,
    connectionTimeoutMillis: 10_000,
    // No statement of ours runs long; one that does has lost its plan, and must not hold locks.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  pool.on('error', options.onError);
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [
      new CamelCasePlugin({ maintainNestedObjectKeys: true }),
      // Who has no tenant finds nothing; `in ()` would be no SQL.
      new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
    ],
  });
  return { pool, db };
}

/** Brings the schema up to date; returns the names of the migrations that ran. Safe to call from several processes. */
export async function migrate(db: Kysely<Schema>): Promise<readonly string[]> {
  const migrator = new Migrator({
    db: db.withoutPlugins(),
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('migration_failed');
  return (results ?? []).map((result) => result.migrationName);
}
