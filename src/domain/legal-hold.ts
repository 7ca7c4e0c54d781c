/** Whether the person and the platform may know of a hold. */
export type HoldNotice = 'allowed' | 'forbidden';

/** `lapsed`: nobody approved it in time. `expired`: its own end came. */
export type HoldStatus = 'pending_approval' | 'active' | 'released' | 'lapsed' | 'expired';

/** These suspend every deletion. */
export const LIVE_HOLDS = ['pending_approval', 'active'] as const satisfies readonly HoldStatus[];

const HOUR = 3_600_000;
export const HOLD_LIMITS = {
  /** A hold that one person alone has asked for suspends deletion this long (milliseconds). */
  pending: 72 * HOUR,
  /** No order binds longer than this without being renewed. */
  longest: 2 * 365 * 24 * HOUR,
  /** Reported before they end. */
  warning: 7 * 24 * HOUR,
} as const;

/** Of several holds on one verification: one that forbids notice silences all. `null` where there is none. */
export const combinedNotice = (notices: readonly HoldNotice[]): HoldNotice | null =>
  notices.includes('forbidden') ? 'forbidden' : notices.length > 0 ? 'allowed' : null;
