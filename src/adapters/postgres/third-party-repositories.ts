import { sql, type Kysely } from 'kysely';
import type {
  LearnerDisclosure,
  OutcomeRow,
  RecipientRow,
  ThirdPartyRepositories,
} from '../../app/ports/third-parties.js';
import type { MonthCount } from '../../domain/public-statistics.js';
import type { Schema } from './schema.js';

/** What leaves the house, and who gets it. */
export function makeThirdPartyRepositories(db: Kysely<Schema>): ThirdPartyRepositories {
  const recipients = () => db.selectFrom('recipients').selectAll();
  const disclosures = () =>
    db
      .selectFrom('disclosures')
      .innerJoin('recipients', 'recipients.id', 'disclosures.recipientId')
      .selectAll('disclosures')
      .select(['recipients.name as recipientName', 'recipients.kind as recipientKind']);

  return {
    recipients: {
      async insert({ purposes, ...row }) {
        await db
          .insertInto('recipients')
          .values({ ...row, purposes: [...purposes] })
          .execute();
      },
      find: async (id) => (await recipients().where('id', '=', id).executeTakeFirst()) ?? null,
      lock: async (id) => (await recipients().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null,
      update: (id, { purposes, ...patch }): Promise<RecipientRow> =>
        db
          .updateTable('recipients')
          .set({
            ...patch,
            ...(purposes && { purposes: [...purposes] }),
            rowVersion: sql`row_version + 1`,
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow(),
      list(tenantIds, page) {
        let query = recipients().where('tenantId', 'in', [...tenantIds]);
        if (page.after !== undefined) query = query.where('id', '<', page.after);
        return query.orderBy('id', 'desc').limit(page.limit).execute();
      },
    },

    disclosures: {
      async insert({ fields, erased, ...row }) {
        await db
          .insertInto('disclosures')
          .values({ ...row, fields: [...fields], erased: [...erased] })
          .execute();
      },
      find: async (id) => (await disclosures().where('disclosures.id', '=', id).executeTakeFirst()) ?? null,
      list(tenantIds, { recipientId, verificationId }, page) {
        let query = disclosures().where('disclosures.tenantId', 'in', [...tenantIds]);
        if (recipientId !== undefined) query = query.where('disclosures.recipientId', '=', recipientId);
        if (verificationId !== undefined)
          query = query.where('disclosures.verificationId', '=', verificationId);
        if (page.after !== undefined) query = query.where('disclosures.id', '<', page.after);
        return query.orderBy('disclosures.id', 'desc').limit(page.limit).execute();
      },
      async ofVerification(verificationId) {
        // The last reading by each Member is one step down the index of the register, however often it read.
        const { rows } = await sql<LearnerDisclosure>`
          select r.name as recipient, r.kind, d.purpose, d.fields, d.disclosed_at as at
          from disclosures d
          join recipients r on r.id = d.recipient_id
          join verifications v on v.id = d.verification_id
          where d.verification_id = ${verificationId}
            and (d.learner_notice = 'given' or v.hold is distinct from 'forbidden')
          union all
          select r.name, r.kind, d.purpose, d.fields, d.disclosed_at
          from verification_courses c
          join verifications v on v.id = c.verification_id
          join recipients r on r.tenant_id = c.tenant_id and r.kind = 'member'
          cross join lateral (
            select * from disclosures
            where tenant_id = c.tenant_id and livemode = c.livemode and course_id = c.course_id
              and recipient_id = r.id
            order by id desc limit 1
          ) d
          where c.verification_id = ${verificationId}
            and d.disclosed_at >= c.bound_at and (v.erased_at is null or d.disclosed_at < v.erased_at)
          order by at desc`.execute(db);
        return rows;
      },
      async purge(before, limit) {
        const gone = await db
          .deleteFrom('disclosures')
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('disclosures')
              .select('id')
              .where('disclosedAt', '<', before)
              .orderBy('disclosedAt')
              .limit(limit),
          )
          .executeTakeFirst();
        return Number(gone.numDeletedRows);
      },
    },

    outcomes: {
      list({ tenantId, livemode }, courseId, page): Promise<readonly OutcomeRow[]> {
        let query = db
          .selectFrom('verificationCourses as course')
          .innerJoin('verifications as v', 'v.id', 'course.verificationId')
          .select([
            'v.learnerRef',
            'v.status',
            'v.submittedAt',
            'v.decidedAt',
            'v.validUntil',
            'course.outcomeCursor as cursor',
          ])
          .where('course.tenantId', '=', tenantId)
          .where('course.livemode', '=', livemode)
          .where('course.courseId', '=', courseId)
          .where('v.erasedAt', 'is', null);
        if (page.after !== undefined) query = query.where('course.outcomeCursor', '>', page.after);
        return query.orderBy('course.outcomeCursor').limit(page.limit).execute();
      },
    },

    publicStatistics: {
      firstCreatedAt: async (livemode) =>
        (
          await db
            .selectFrom('verifications')
            .select('createdAt')
            .where('livemode', '=', livemode)
            .orderBy('createdAt')
            .limit(1)
            .executeTakeFirst()
        )?.createdAt ?? null,
      async count(livemode, from, before) {
        const { rows } = await sql<MonthCount>`
          select status, method, count(*)::integer as count
          from (
            select distinct on (tenant_id, learner_ref) status, method
            from verifications
            where livemode = ${livemode} and created_at >= ${from} and created_at < ${before}
            order by tenant_id, learner_ref, id desc
          ) as person
          group by status, method`.execute(db);
        return rows;
      },
      async publish(livemode, { month, publishedAt, cells }) {
        const published = await db
          .insertInto('publishedMonths')
          .values({ livemode, month, publishedAt, cells: JSON.stringify(cells) })
          .onConflict((conflict) => conflict.doNothing())
          .returning('month')
          .executeTakeFirst();
        return published !== undefined;
      },
      list: (livemode) =>
        db
          .selectFrom('publishedMonths')
          .select(['month', 'publishedAt', 'cells'])
          .where('livemode', '=', livemode)
          .orderBy('month', 'desc')
          .execute(),
    },
  };
}
