import { sql, type Kysely, type Migration } from 'kysely';

/** Going on with another device, and decisions that wait for a second person. */
export const handoverAndConfirmation: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // The token that waits for its first use, and the one that a handover has left with reading and withdrawing.
  `alter table verifications add column handover_generation integer`,
  `alter table verifications add column handover_expires_at timestamptz`,
  `alter table verifications add column reader_generation integer`,

  // A decision that waits: which, whose, why. Whoever took part in one that was not confirmed is out.
  `alter table reviews add column proposed_decision text`,
  `alter table reviews add column proposed_by text`,
  `alter table reviews add column proposed_reasons jsonb not null default '[]'`,
  `alter table reviews add column confirmed_by text`,
  `alter table reviews add column excluded text[] not null default '{}'`,
];
