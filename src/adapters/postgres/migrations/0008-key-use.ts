import { sql, type Kysely, type Migration } from 'kysely';

/** When an API key was last used, so that one that nobody uses can be told from one that somebody needs. */
export const keyUse: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table api_keys add column last_used_at timestamptz`.execute(db);
  },
};
