import { monthOf, monthsDue, monthStart, nextMonth, publicCells } from '../domain/public-statistics.js';
import type { AppDeps } from './deps.js';
import type { PublishedMonth } from './ports/third-parties.js';

/** Months that one run publishes at most; those that are left come with the next one. */
const BATCH = 24;

export type PublicStatistics = ReturnType<typeof makePublicStatistics>;

/** Counts each month once, when its time has come, and never again: a figure that moved would tell who moved it. */
export function makePublicStatistics(
  deps: Pick<AppDeps, 'store' | 'clock'> & {
    /** Whose figures: those of live verifications, or of test ones in a sandbox. */
    readonly livemode: boolean;
  },
) {
  const { store, clock, livemode } = deps;
  const { publicStatistics } = store.read;

  return {
    /** Newest first. */
    list: (): Promise<readonly PublishedMonth[]> => publicStatistics.list(livemode),

    /** Publishes the months that are due; returns how many. Each reads the rows of its own month alone. */
    async publishDue(): Promise<number> {
      const now = clock.now();
      const [last] = await publicStatistics.list(livemode);
      const oldest = last ? null : await publicStatistics.firstCreatedAt(livemode);
      const first = last ? nextMonth(last.month) : oldest && monthOf(oldest);
      if (first === null) return 0;
      let published = 0;
      for (const month of monthsDue(first, now, BATCH)) {
        const counts = await publicStatistics.count(
          livemode,
          monthStart(month),
          monthStart(nextMonth(month)),
        );
        const isNew = await publicStatistics.publish(livemode, {
          month,
          publishedAt: now,
          cells: publicCells(counts),
        });
        if (isNew) published++;
      }
      return published;
    },
  };
}
