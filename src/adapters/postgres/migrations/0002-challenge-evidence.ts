import { sql, type Migration } from 'kysely';

/** Answers to challenges join what engines found. */
export const challengeEvidence: Migration = {
  async up(db) {
    await sql`alter table evidence drop constraint evidence_kind_check`.execute(db);
    await sql`alter table evidence add constraint evidence_kind_check check (kind in ('document', 'face', 'challenge'))`.execute(
      db,
    );
  },
};
